package availability

import (
	"testing"

	"platform/policy/packtest"
)

func TestAutoscalerRoom(t *testing.T) {
	const lower, upper = "HorizontalPodAutoscaler/api: spec.minReplicas", "HorizontalPodAutoscaler/api: spec.maxReplicas"
	packtest.Run(t, autoscalerRoom, map[string]packtest.Case{
		"room":            {Objects: scaler},
		"from one":        {Objects: but(scaler, "minReplicas: 2", "minReplicas: 1"), Want: []string{lower}},
		"absent is one":   {Objects: but(scaler, "minReplicas: 2", "x: y"), Want: []string{lower}},
		"just room":       {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: 3")},
		"no room":         {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: 2"), Want: []string{upper}},
		"absent":          {Objects: but(scaler, "maxReplicas: 4", "x: y"), Want: []string{upper}},
		"wrong type":      {Objects: but(scaler, "maxReplicas: 4", "maxReplicas: many"), Want: []string{upper}},
		"not known":       {Objects: but(scaler, "minReplicas: 2", "minReplicas: <unknown>"), Undecided: []string{lower}},
		"no autoscaler":   {Objects: api},
		"both are broken": {Objects: but(scaler, "minReplicas: 2", "minReplicas: 1", "maxReplicas: 4", "maxReplicas: 1"), Want: []string{lower, upper}},
	})
}
