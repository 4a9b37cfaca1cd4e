package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// selecting are the kinds that find their pods by a selector.
var selecting = []string{"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}

// selectors is Kubernetes' page on them.
const selectors = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector"

var selectorOwnPods = pack.Rule{
	Name: "selector-means-its-own-pods", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the API server refuses a workload whose selector does not mean the pods of its template",
	Remedy:    "give the template every label of the selector",
	Reference: selectors,
	Kinds:     selecting,
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "selector")
		if selector := at.Selector(); selector.Empty() || !o.Runs(selector) {
			r.Violated(o, at, "does not mean the pods of the template")
		}
	},
}
