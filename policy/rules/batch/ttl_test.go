package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestTTL(t *testing.T) {
	packtest.Run(t, ttl, map[string]packtest.Case{
		"absent":     aJob("backoffLimit: 0"),
		"set":        aJob("ttlSecondsAfterFinished: 60", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"at once":    aJob("ttlSecondsAfterFinished: 0", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"null":       aJob("ttlSecondsAfterFinished: null"),
		"of runs":    wrongly("jobTemplate: {spec: {ttlSecondsAfterFinished: 60}}", "jobTemplate.spec.ttlSecondsAfterFinished"),
		"wrong type": aJob("ttlSecondsAfterFinished: soon", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"not known":  {Objects: aJob("ttlSecondsAfterFinished: <unknown>").Objects, Undecided: []string{"Job/migrate: spec.ttlSecondsAfterFinished"}},
	})
}
