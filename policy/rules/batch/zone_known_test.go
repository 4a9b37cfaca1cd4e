package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestZoneKnown(t *testing.T) {
	packtest.Run(t, zoneKnown, map[string]packtest.Case{
		"UTC":        rightly("timeZone: Etc/UTC"),
		"of a place": rightly("timeZone: Europe/Zurich"),
		"absent":     rightly("suspend: false"),
		"of nowhere": wrongly("timeZone: Nowhere/Land", "timeZone"),
		"near miss":  wrongly("timeZone: Europe/Zuerich", "timeZone"),
		"wrong type": wrongly("timeZone: 1", "timeZone"),
		"not known":  undecided("timeZone: <unknown>", "timeZone"),
	})
}
