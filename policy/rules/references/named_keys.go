package references

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var namedKeys = pack.Rule{
	Name: "container-names-the-keys-it-takes", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "each key that is ever added to the Secret is given to the container, and may replace a variable that it reads",
	Remedy:    "take each key by secretKeyRef, or mount the Secret",
	Reference: secretsPage + "#using-secrets-as-environment-variables",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, c.At("envFrom").Items(), func(source pack.Value) {
			if secret := source.At("secretRef"); secret.Set() {
				r.Violated(c, secret, "takes whatever is in it")
			}
		})
	}),
}
