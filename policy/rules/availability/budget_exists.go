package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// budgets is Kubernetes' page on disruption budgets.
const budgets = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"

var budgetExists = pack.Rule{
	Name: "several-pods-have-a-budget", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a drain of two nodes takes all pods at once, as nothing says how many must stay",
	Remedy:    "add a PodDisruptionBudget whose selector is the workload's",
	Reference: budgets,
	Stack: func(s *pack.Stack, r *pack.Report) {
		several(s, r, func(o pack.Object, _ pack.Pod) {
			if !pack.Some(s.Kinds("PodDisruptionBudget"), func(budget pack.Object) bool { return covers(budget, o) }) {
				r.Violated(o, o.At("spec", "selector"), "is that of no PodDisruptionBudget")
			}
		})
	},
}

// covers tells whether a budget counts the pods of an object.
func covers(budget, o pack.Object) bool {
	return o.Beside(budget) && o.Runs(budget.At("spec", "selector").Selector())
}
