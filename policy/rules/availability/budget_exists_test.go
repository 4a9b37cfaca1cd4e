package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestBudgetExists(t *testing.T) {
	const at = "Deployment/api: spec.selector"
	packtest.Run(t, budgetExists, map[string]packtest.Case{
		"covered":           {Objects: of(api, budget)},
		"not covered":       {Objects: api, Want: []string{at}},
		"one pod":           {Objects: but(api, "replicas: 2", "replicas: 1")},
		"absent is one":     {Objects: but(api, "replicas: 2", "paused: false")},
		"scaled":            {Objects: of(but(api, "replicas: 2", "paused: false"), scaler), Want: []string{at}},
		"another namespace": {Objects: of(api, but(budget, "namespace: a", "namespace: b")), Want: []string{at}},
		"other pods":        {Objects: of(api, but(budget, "app: api", "app: api, tier: z")), Want: []string{at}},
		"no selector":       {Objects: of(api, but(budget, "selector: {matchLabels: {app: api}}", "x: y")), Want: []string{at}},
		"all pods":          {Objects: of(api, but(budget, "selector: {matchLabels: {app: api}}", "selector: {}"))},
		"a StatefulSet":     {Objects: but(api, "Deployment", "StatefulSet"), Want: []string{"StatefulSet/api: spec.selector"}},
		"wrong type":        {Objects: but(api, "replicas: 2", "replicas: true"), Want: []string{"Deployment/api: spec.replicas"}},
		"not known":         {Objects: but(api, "replicas: 2", "replicas: <unknown>"), Undecided: []string{"Deployment/api: spec.replicas"}},
		"budget unknown":    {Objects: of(api, but(budget, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.selector.matchLabels.app"}},
	})
}
