package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var budgetKeeps = pack.Rule{
	Name: "budget-keeps-one-pod", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a budget that lets all pods go at once is none: a drain stops the service",
	Remedy:    "set minAvailable to 1 or more, or maxUnavailable below the number of pods",
	Reference: budgets,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("PodDisruptionBudget"), func(budget pack.Object) {
			pods := 0
			for _, o := range s.Kinds(kept...) {
				if covers(budget, o) {
					count, _ := fewest(s, o)
					pods += count
				}
			}
			if at, sets := bound(budget); sets && pods > 0 && spares(budget, pods) >= pods {
				r.Violated(budget, at, "is %s of %d pods, and keeps none", at.Port(), pods)
			}
		})
	},
}
