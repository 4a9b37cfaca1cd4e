package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// scaling is Kubernetes' page on autoscaling.
const scaling = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"

var scaledReplicas = pack.Rule{
	Name: "autoscaled-replicas-are-not-set", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "every deployment throws the pods away that the autoscaler has added under load",
	Remedy:    "leave replicas out, and set the autoscaler's minReplicas",
	Reference: scaling,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
			replicas := o.At("spec", "replicas")
			if !replicas.Set() {
				return
			}
			if scaler, scaled := autoscaler(s, o); scaled {
				r.Violated(o, replicas, "is set to %d beside %s", replicas.Int(), scaler)
			}
		})
	},
}
