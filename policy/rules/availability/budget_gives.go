package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/pack"
)

var budgetGives = pack.Rule{
	Name: "budget-lets-one-pod-go", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a budget that spares no pod holds up every drain, and so every update of the nodes; two budgets of one pod do, too",
	Remedy:    "set minAvailable below the number of pods, or maxUnavailable to 1, and give each pod one budget",
	Reference: budgets,
	Stack: func(s *pack.Stack, r *pack.Report) {
		all := s.Kinds("PodDisruptionBudget")
		pack.Each(r, nil, all, func(budget pack.Object) {
			at, sets := bound(budget)
			if !sets {
				r.Violated(budget, budget.At("spec"), "has to set either minAvailable or maxUnavailable")
				return
			}
			pods, covered := 0, false
			for _, o := range s.Kinds(kept...) {
				if !covers(budget, o) {
					continue
				}
				count, _ := fewest(s, o)
				pods, covered = pods+count, true
				if other, twice := pack.First(all, func(other pack.Object) bool {
					return other.URN != budget.URN && covers(other, o)
				}); twice {
					r.Violated(budget, budget.At("spec", "selector"), "covers %s, which %s covers too", o, other)
				}
			}
			switch spared := spares(budget, pods); {
			case !covered:
				r.Violated(budget, budget.At("spec", "selector"), "covers no workload")
			case spared < 1 && pods > 0:
				r.Violated(budget, at, "is %s of %d pods, and spares none", at.Port(), pods)
			}
		})
	},
}

// bound is the value that says how many pods may go; false where none or two
// do.
func bound(budget pack.Object) (pack.Value, bool) {
	lower, upper := budget.At("spec", "minAvailable"), budget.At("spec", "maxUnavailable")
	if upper.Set() {
		return upper, !lower.Set()
	}
	return lower, lower.Set()
}

// spares is how many of so many pods may go at once. Shares are rounded up, as
// the disruption controller does for both bounds.
func spares(budget pack.Object, pods int) int {
	at, _ := bound(budget)
	bounded := intstr.Parse(at.Port())
	count, err := intstr.GetScaledValueFromIntOrPercent(&bounded, pods, true)
	switch {
	case err != nil:
		return 0
	case budget.At("spec", "maxUnavailable").Set():
		return count
	default:
		return pods - count
	}
}
