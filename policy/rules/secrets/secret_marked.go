package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var secretMarked = pack.Rule{
	Name: "secret-data-is-marked-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "data that is not marked stands in clear in the state and in every preview",
	Remedy:    "pass the values through the secret source, or mark them with pulumi.ToSecret",
	Reference: "https://www.pulumi.com/docs/iac/concepts/secrets/",
	Kinds:     []string{"Secret"},
	Object: func(o pack.Object, r *pack.Report) {
		for _, field := range []string{"data", "stringData"} {
			pack.Each(r, o, o.At(field).Leaves(), func(leaf pack.Value) {
				if !leaf.Secret() && leaf.Set() {
					r.Violated(o, leaf, "is not marked secret")
				}
			})
		}
	},
}
