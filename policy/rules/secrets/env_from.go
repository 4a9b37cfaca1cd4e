package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// envFrom does not ask for files in the place of single variables: the images
// of both platforms read their passwords from the environment.
var envFrom = pack.Rule{
	Name: "env-takes-no-whole-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "each key that is ever added to the Secret is given to the container, and may replace a variable that it reads",
	Remedy:    "take the keys that the container reads by secretKeyRef, or mount the Secret",
	Reference: goodPractices + "#restrict-secret-access-to-specific-containers",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, c.At("envFrom").Items(), func(source pack.Value) {
			if secret := source.At("secretRef"); secret.Set() {
				r.Violated(c, secret, "takes every key of the Secret")
			}
		})
	}),
}
