package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var selectorApart = pack.Rule{
	Name: "selector-means-no-other-pods", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "two workloads that select the same pods count, adopt and delete each other's",
	Remedy:    "add a label to the selector that only this workload's pods have",
	Reference: selectors,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(selecting...), func(o pack.Object) {
			at := o.At("spec", "selector")
			selector := at.Selector()
			if o.Off() {
				return // nothing of it runs beside the others
			}
			if other, found := pack.First(s.Kinds(pack.PodKinds...), func(other pack.Object) bool {
				return other.URN != o.URN && other.Runs(selector) && other.Beside(o) && !other.Off()
			}); found {
				r.Violated(o, at, "means the pods of %s, too", other)
			}
		})
	},
}
