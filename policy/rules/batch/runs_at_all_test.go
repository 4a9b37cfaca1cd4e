package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestRunsAtAll(t *testing.T) {
	packtest.Run(t, runsAtAll, map[string]packtest.Case{
		"daily":        rightly("schedule: 0 3 * * *"),
		"hourly":       rightly("schedule: 0 * * * *, suspend: false"),
		"every minute": wrongly("schedule: '* * * * *'", "schedule"),
		"twice":        wrongly("schedule: '0,20 * * * *'", "schedule"),
		"never":        wrongly("schedule: 0 0 31 2 *", "schedule"),
		"no schedule":  rightly("schedule: never"),
		"absent":       rightly("concurrencyPolicy: Forbid"),
		"suspended":    wrongly("schedule: 0 3 * * *, suspend: true", "suspend"),
		"wrong type":   wrongly("schedule: 3", "schedule"),
		"not known":    undecided("schedule: <unknown>", "schedule"),
	})
}
