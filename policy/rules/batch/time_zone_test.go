package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestTimeZone(t *testing.T) {
	packtest.Run(t, timeZone, map[string]packtest.Case{
		"UTC":            rightly("timeZone: Etc/UTC"),
		"of a place":     rightly("timeZone: Europe/Zurich"),
		"of the machine": wrongly("timeZone: Local", "timeZone"),
		"empty":          wrongly("timeZone: ''", "timeZone"),
		"absent":         wrongly("suspend: false", "timeZone"),
		"wrong type":     wrongly("timeZone: 1", "timeZone"),
		"not known":      undecided("timeZone: <unknown>", "timeZone"),
	})
}
