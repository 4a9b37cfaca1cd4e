package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestServingPods(t *testing.T) {
	const at = "Deployment/api: spec.replicas"
	one := but(api, "replicas: 2", "replicas: 1")
	unset := but(api, "replicas: 2", "paused: false")
	packtest.Run(t, servingPods, map[string]packtest.Case{
		"two":                    {Objects: of(api, service)},
		"one":                    {Objects: of(one, service), Want: []string{at}},
		"none":                   {Objects: of(but(api, "replicas: 2", "replicas: 0"), service), Want: []string{at}},
		"absent is one":          {Objects: of(unset, service), Want: []string{at}},
		"wrong type":             {Objects: of(but(api, "replicas: 2", "replicas: two"), service), Want: []string{at}},
		"not known":              {Objects: of(but(api, "replicas: 2", "replicas: <unknown>"), service), Undecided: []string{at}},
		"scaled from two":        {Objects: of(unset, service, scaler)},
		"scaled from one":        {Objects: of(unset, service, but(scaler, "minReplicas: 2", "minReplicas: 1")), Want: []string{"Deployment/api: spec.minReplicas"}},
		"no Service":             {Objects: one},
		"of another namespace":   {Objects: of(one, but(service, "namespace: a", "namespace: b"))},
		"of other pods":          {Objects: of(one, but(service, "app: api", "app: web"))},
		"without a selector":     {Objects: of(one, but(service, "{selector: {app: api}}", "{}"))},
		"with a claim":           {Objects: of(but(one, "containers:", "volumes: [{name: d, persistentVolumeClaim: {claimName: d}}]\n      containers:"), service)},
		"with a folder":          {Objects: of(but(one, "containers:", "volumes: [{name: d, hostPath: {path: /d}}]\n      containers:"), service)},
		"with an emptyDir":       {Objects: of(but(one, "containers:", "volumes: [{name: d, emptyDir: {}}]\n      containers:"), service), Want: []string{at}},
		"a trial":                {Stack: "dev", Objects: of(one, service)},
		"a trial by parameter":   {Stack: "mine", Objects: of(one, service), Parameters: map[string]any{trialStacks: []any{"mine"}}},
		"Service is not known":   {Objects: of(one, but(service, "app: api", "app: <unknown>")), Undecided: []string{"Deployment/api: spec.selector.app"}},
		"one Service is unknown": {Objects: of(one, but(service, "app: api", "app: <unknown>"), service), Want: []string{at}},
	})
}
