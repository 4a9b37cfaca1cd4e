package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestBudgetUnhealthy(t *testing.T) {
	const at = "PodDisruptionBudget/api: spec.unhealthyPodEvictionPolicy"
	with := func(choice string) string {
		return but(budget, "minAvailable: 1", "unhealthyPodEvictionPolicy: "+choice)
	}
	packtest.Run(t, budgetUnhealthy, map[string]packtest.Case{
		"always":      {Objects: with("AlwaysAllow")},
		"if healthy":  {Objects: with("IfHealthyBudget")},
		"absent":      {Objects: budget, Want: []string{at}},
		"misspelt":    {Objects: with("alwaysAllow"), Want: []string{at}},
		"wrong type":  {Objects: with("true"), Want: []string{at}},
		"not known":   {Objects: with("<unknown>"), Undecided: []string{at}},
		"other kinds": {Objects: api},
	})
}
