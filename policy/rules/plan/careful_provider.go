package plan

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// reckless are settings of the provider that lose what is there.
var reckless = []string{"deleteUnreachable", "enablePatchForce"}

var carefulProvider = pack.Rule{
	Name: "provider-loses-nothing", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "deleteUnreachable drops from the state whatever a cluster that is away has; enablePatchForce takes every field from whoever else sets it",
	Remedy:    "remove the setting; give one object the annotation pulumi.com/patchForce for one run where it must be taken over",
	Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/2037",
	Object: ofProviders(func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, reckless, func(setting string) {
			if value := o.At(setting); on(value) {
				r.Violated(o, value, "is on")
			}
		})
	}),
}

// on is a switch of a provider: the engine hands some of them over as text.
func on(value pack.Value) bool {
	if value.IsText() {
		return value.Is("true")
	}
	return value.True()
}
