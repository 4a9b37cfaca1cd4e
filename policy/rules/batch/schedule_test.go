package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestSchedule(t *testing.T) {
	packtest.Run(t, schedule, map[string]packtest.Case{
		"daily":               rightly("schedule: 0 3 * * *"),
		"by name":             rightly("schedule: '@daily'"),
		"six fields":          wrongly("schedule: 0 0 3 * * *", "schedule"),
		"no such hour":        wrongly("schedule: 0 25 * * *", "schedule"),
		"with a zone":         wrongly("schedule: 'TZ=UTC 0 3 * * *'", "schedule"),
		"with a zone of cron": wrongly("schedule: 'CRON_TZ=UTC 0 3 * * *'", "schedule"),
		"absent":              wrongly("suspend: false", "schedule"),
		"wrong type":          wrongly("schedule: 3", "schedule"),
		"not known":           undecided("schedule: <unknown>", "schedule"),
	})
}
