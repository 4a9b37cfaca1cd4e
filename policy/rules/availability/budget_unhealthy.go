package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var budgetUnhealthy = pack.Rule{
	Name: "budget-decides-on-unready-pods", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "without a choice pods that never get ready hold up a drain as if they served somebody",
	Remedy:    "set unhealthyPodEvictionPolicy: AlwaysAllow for what serves, IfHealthyBudget for what needs a majority",
	Reference: budgets + "#unhealthy-pod-eviction-policy",
	Kinds:     []string{"PodDisruptionBudget"},
	Object: func(o pack.Object, r *pack.Report) {
		if choice := o.At("spec", "unhealthyPodEvictionPolicy"); !choice.Is("AlwaysAllow", "IfHealthyBudget") {
			r.Violated(o, choice, "is neither AlwaysAllow nor IfHealthyBudget")
		}
	},
}
