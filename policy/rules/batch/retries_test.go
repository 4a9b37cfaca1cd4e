package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestRetries(t *testing.T) {
	packtest.Run(t, retries, map[string]packtest.Case{
		"of runs":      rightly("jobTemplate: {spec: {backoffLimit: 2}}"),
		"runs without": wrongly("jobTemplate: {spec: {activeDeadlineSeconds: 1}}", "jobTemplate.spec.backoffLimit"),
		"none":         aJob("backoffLimit: 0"),
		"the most":     aJob("backoffLimit: 10"),
		"more":         aJob("backoffLimit: 11", "Job/migrate: spec.backoffLimit"),
		"absent":       aJob("activeDeadlineSeconds: 1", "Job/migrate: spec.backoffLimit"),
		"wrong type":   aJob("backoffLimit: few", "Job/migrate: spec.backoffLimit"),
		"not known":    undecided("jobTemplate: {spec: {backoffLimit: <unknown>}}", "jobTemplate.spec.backoffLimit"),
		"parameters":   {Objects: aJob("backoffLimit: 3").Objects, Want: []string{"Job/migrate: spec.backoffLimit"}, Parameters: map[string]any{"ceiling": 2.0}},
	})
}
