package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var envNames = pack.Rule{
	Name: "env-names-are-unique", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the last of two variables of one name wins, and a server-side apply refuses both",
	Remedy:    "name each variable once",
	Reference: "https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		seen := map[string]bool{}
		pack.Each(r, c, c.At("env").Items(), func(variable pack.Value) {
			name := variable.At("name")
			if seen[name.Text()] {
				r.Violated(c, name, "is named twice: %s", name.Text())
			}
			seen[name.Text()] = true
		})
	}),
}
