package plan

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// patchForce has the provider take fields from other managers.
const patchForce = "pulumi.com/patchForce"

var noForce = pack.Rule{
	Name: "object-takes-no-field-by-force", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "with the annotation left in place, every run undoes what autoscalers and operators set, and says nothing",
	Remedy:    "use it for the one run that takes an object over, then remove it",
	Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/3290",
	Object: func(o pack.Object, r *pack.Report) {
		if force := o.At("metadata", "annotations", patchForce); on(force) {
			r.Violated(o, force, "is true")
		}
	},
}
