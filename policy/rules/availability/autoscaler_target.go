package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var autoscalerTarget = pack.Rule{
	Name: "autoscaler-has-its-target", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an autoscaler of something that is not there scales nothing, and two of one workload undo each other's work",
	Remedy:    "name a Deployment or StatefulSet of the same namespace, and give it one autoscaler",
	Reference: scaling,
	Stack: func(s *pack.Stack, r *pack.Report) {
		all := s.Kinds("HorizontalPodAutoscaler")
		pack.Each(r, nil, all, func(scaler pack.Object) {
			at := scaler.At("spec", "scaleTargetRef")
			target, found := pack.First(s.Kinds(kept...), func(o pack.Object) bool { return scales(scaler, o) })
			if !found {
				r.Violated(scaler, at, "is %s %q, which the namespace does not have", at.At("kind").Text(), at.At("name").Text())
			} else if other, twice := pack.First(all, func(other pack.Object) bool {
				return other.URN != scaler.URN && scales(other, target)
			}); twice {
				r.Violated(scaler, at, "is %s, which %s scales too", target, other)
			}
		})
	},
}
