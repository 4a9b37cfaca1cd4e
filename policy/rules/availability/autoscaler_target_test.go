package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestAutoscalerTarget(t *testing.T) {
	const at = "HorizontalPodAutoscaler/api: spec.scaleTargetRef"
	packtest.Run(t, autoscalerTarget, map[string]packtest.Case{
		"there":             {Objects: of(api, scaler)},
		"a StatefulSet":     {Objects: of(but(api, "Deployment", "StatefulSet"), but(scaler, "kind: Deployment", "kind: StatefulSet"))},
		"not there":         {Objects: scaler, Want: []string{at}},
		"another kind":      {Objects: of(api, but(scaler, "kind: Deployment", "kind: StatefulSet")), Want: []string{at}},
		"another namespace": {Objects: of(api, but(scaler, "namespace: a", "namespace: b")), Want: []string{at}},
		"absent":            {Objects: of(api, but(scaler, "scaleTargetRef: {kind: Deployment, name: api}", "x: y")), Want: []string{at}},
		"twice": {
			Objects: of(api, scaler, but(scaler, "{name: api, namespace: a}", "{name: more, namespace: a}")),
			Want:    []string{at, "HorizontalPodAutoscaler/more: spec.scaleTargetRef"},
		},
		"two of two": {Objects: of(api, scaler, but(api, "name: api, namespace", "name: web, namespace"),
			but(scaler, "{name: api, namespace: a}", "{name: web, namespace: a}", "name: api}\n  metrics", "name: web}\n  metrics"))},
		"wrong type": {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: 1}\n  metrics")), Want: []string{at + ".name"}},
		"not known":  {Objects: of(api, but(scaler, "name: api}\n  metrics", "name: <unknown>}\n  metrics")), Undecided: []string{at + ".name"}},
	})
}
