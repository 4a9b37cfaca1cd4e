package availability

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

// ignoring has the engine ignore changes of the first object's field.
func ignoring(path string) func([]pack.Object) {
	return func(objects []pack.Object) { objects[0].Options.IgnoreChanges = []string{path} }
}

func TestScaledReplicas(t *testing.T) {
	const at = "Deployment/api: spec.replicas"
	packtest.Run(t, scaledReplicas, map[string]packtest.Case{
		"set beside it":        {Objects: of(api, scaler), Want: []string{at}},
		"left out":             {Objects: of(but(api, "replicas: 2", "paused: false"), scaler)},
		"ignored":              {Objects: of(api, scaler), Change: ignoring("spec.replicas")},
		"another is ignored":   {Objects: of(api, scaler), Change: ignoring("spec.strategy"), Want: []string{at}},
		"ignored for nothing":  {Objects: api, Change: ignoring("spec.replicas"), Want: []string{at}},
		"nothing scales":       {Objects: api},
		"another kind":         {Objects: of(api, but(scaler, "kind: Deployment", "kind: StatefulSet"))},
		"another name":         {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: web}\n  metrics"))},
		"another namespace":    {Objects: of(api, but(scaler, "namespace: a", "namespace: b"))},
		"a StatefulSet":        {Objects: of(but(api, "Deployment", "StatefulSet"), but(scaler, "kind: Deployment", "kind: StatefulSet")), Want: []string{"StatefulSet/api: spec.replicas"}},
		"wrong type":           {Objects: of(but(api, "replicas: 2", "replicas: '2'"), scaler), Want: []string{at}},
		"not known":            {Objects: of(but(api, "replicas: 2", "replicas: <unknown>"), scaler), Undecided: []string{at}},
		"target is not known":  {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Undecided: []string{"Deployment/api: spec.scaleTargetRef.name"}},
		"the other is unknown": {Objects: of(api, scaler, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Want: []string{at}},
	})
}
