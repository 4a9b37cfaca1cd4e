package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestBudgetGives(t *testing.T) {
	const lower, upper = "PodDisruptionBudget/api: spec.minAvailable", "PodDisruptionBudget/api: spec.maxUnavailable"
	const selects = "PodDisruptionBudget/api: spec.selector"
	with := func(bound string) string { return but(budget, "minAvailable: 1", bound) }
	packtest.Run(t, budgetGives, map[string]packtest.Case{
		"one of two":                {Objects: of(api, budget)},
		"none of two":               {Objects: of(api, with("minAvailable: 2")), Want: []string{lower}},
		"a share rounded up":        {Objects: of(api, with("minAvailable: 51%")), Want: []string{lower}},
		"half of two":               {Objects: of(api, with("minAvailable: 50%"))},
		"one may go":                {Objects: of(api, with("maxUnavailable: 1"))},
		"none may go":               {Objects: of(api, with("maxUnavailable: 0")), Want: []string{upper}},
		"no share may go":           {Objects: of(api, with("maxUnavailable: 0%")), Want: []string{upper}},
		"a small share may go":      {Objects: of(api, with("maxUnavailable: 1%"))},
		"of one pod":                {Objects: of(but(api, "replicas: 2", "replicas: 1"), budget), Want: []string{lower}},
		"of a workload that is off": {Objects: of(but(api, "replicas: 2", "replicas: 0"), budget)},
		"scaled from two":           {Objects: of(but(api, "replicas: 2", "paused: false"), scaler, budget)},
		"scaled from one":           {Objects: of(but(api, "replicas: 2", "paused: false"), but(scaler, "minReplicas: 2", "minReplicas: 1"), budget), Want: []string{lower}},
		"of nobody":                 {Objects: budget, Want: []string{selects}},
		"of another namespace":      {Objects: of(api, but(budget, "namespace: a", "namespace: b")), Want: []string{selects}},
		"absent":                    {Objects: of(api, with("x: y")), Want: []string{"PodDisruptionBudget/api: spec"}},
		"both":                      {Objects: of(api, with("minAvailable: 1\n  maxUnavailable: 1")), Want: []string{"PodDisruptionBudget/api: spec"}},
		"no share at all":           {Objects: of(api, with("minAvailable: some")), Want: []string{lower}},
		"two of the same pods": {
			Objects: of(api, budget, but(budget, "name: api", "name: more")),
			Want:    []string{selects, "PodDisruptionBudget/more: spec.selector"},
		},
		"two of two pods": {
			Objects: of(api, budget, but(api, "name: api, namespace", "name: web, namespace", "app: api", "app: web"), but(budget, "name: api", "name: web", "app: api", "app: web")),
		},
		"of one by default": {Objects: of(but(api, "replicas: 2", "paused: false"), budget), Want: []string{lower}},
		"wrong type":        {Objects: of(api, with("minAvailable: true")), Want: []string{lower}},
		"not known":         {Objects: of(api, with("minAvailable: <unknown>")), Undecided: []string{lower}},
	})
}
