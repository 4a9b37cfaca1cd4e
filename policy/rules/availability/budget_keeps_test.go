package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestBudgetKeeps(t *testing.T) {
	const at = "PodDisruptionBudget/api: spec."
	packtest.Run(t, budgetKeeps, map[string]packtest.Case{
		"one":        {Objects: of(api, budget)},
		"none":       {Objects: of(api, but(budget, "minAvailable: 1", "minAvailable: 0")), Want: []string{at + "minAvailable"}},
		"no share":   {Objects: of(api, but(budget, "minAvailable: 1", "minAvailable: 0%")), Want: []string{at + "minAvailable"}},
		"all may go": {Objects: of(api, but(budget, "minAvailable: 1", "maxUnavailable: 2")), Want: []string{at + "maxUnavailable"}},
		"one may":    {Objects: of(api, but(budget, "minAvailable: 1", "maxUnavailable: 1"))},
		"no pods":    {Objects: budget},
		"absent":     {Objects: of(api, but(budget, "minAvailable: 1", "unhealthyPodEvictionPolicy: AlwaysAllow"))},
		"wrong type": {Objects: of(api, but(budget, "minAvailable: 1", "minAvailable: [1]")), Want: []string{at + "minAvailable"}},
		"not known":  {Objects: of(api, but(budget, "minAvailable: 1", "minAvailable: <unknown>")), Undecided: []string{at + "minAvailable"}},
	})
}
