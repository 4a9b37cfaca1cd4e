package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var autoscalerRoom = pack.Rule{
	Name: "autoscaler-has-room", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "with one pod at night a node that fails is an outage, and with a maximum no higher than the minimum nothing is ever scaled",
	Remedy:    "set minReplicas to 2 or more, and maxReplicas above it",
	Reference: scaling,
	Kinds:     []string{"HorizontalPodAutoscaler"},
	Object: func(o pack.Object, r *pack.Report) {
		fewest, lower := numbered(o.At("spec", "minReplicas"))
		if fewest < 2 {
			r.Violated(o, lower, "is %d", fewest)
		}
		if upper := o.At("spec", "maxReplicas"); upper.Int() <= fewest {
			r.Violated(o, upper, "is %d, no more than minReplicas", upper.Int())
		}
	},
}
