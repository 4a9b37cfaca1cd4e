package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestDeadline(t *testing.T) {
	packtest.Run(t, deadline, map[string]packtest.Case{
		"of runs":        rightly("jobTemplate: {spec: {activeDeadlineSeconds: 60}}"),
		"runs without":   wrongly("jobTemplate: {spec: {backoffLimit: 1}}", "jobTemplate.spec.activeDeadlineSeconds"),
		"of the CronJob": wrongly("activeDeadlineSeconds: 60", "jobTemplate.spec.activeDeadlineSeconds"),
		"a second":       aJob("activeDeadlineSeconds: 1"),
		"of a Job":       aJob("activeDeadlineSeconds: 60"),
		"absent":         aJob("backoffLimit: 1", "Job/migrate: spec.activeDeadlineSeconds"),
		"nothing":        aJob("activeDeadlineSeconds: 0", "Job/migrate: spec.activeDeadlineSeconds"),
		"wrong type":     aJob("activeDeadlineSeconds: long", "Job/migrate: spec.activeDeadlineSeconds"),
		"not known":      undecided("jobTemplate: {spec: {activeDeadlineSeconds: <unknown>}}", "jobTemplate.spec.activeDeadlineSeconds"),
	})
}
