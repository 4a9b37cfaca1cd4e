package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var env = pack.Rule{
	Name: "env-holds-no-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a literal in env is in the program, in its state and in every description of the pod",
	Remedy:    useASecret,
	Reference: goodPractices,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, c.At("env").Items(), func(variable pack.Value) {
			inClear(r, c, variable.At("name").Text(), variable.At("value"))
		})
	}),
}
