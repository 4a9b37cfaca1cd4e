package availability

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// scaling is Kubernetes' page on autoscaling.
const scaling = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"

var scaledReplicas = pack.Rule{
	Name: "autoscaled-replicas-are-left-alone", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "what sets them throws the pods away that the autoscaler has added under load; what ignores them without an autoscaler never changes them again",
	Remedy:    "have the program ignore changes of spec.replicas beside an autoscaler, and nowhere else",
	Reference: scaling,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
			replicas, ignored := o.At("spec", "replicas"), slices.Contains(o.Options.IgnoreChanges, "spec.replicas")
			if !replicas.Set() && !ignored {
				return
			}
			switch scaler, scaled := autoscaler(s, o); {
			case scaled && !ignored:
				r.Violated(o, replicas, "is set to %d beside %s", replicas.Int(), scaler)
			case ignored && !scaled:
				r.Violated(o, replicas, "changes are ignored, and nothing scales it")
			}
		})
	},
}
