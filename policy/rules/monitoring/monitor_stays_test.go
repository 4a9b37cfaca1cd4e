package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestMonitorStays(t *testing.T) {
	const at = "PodMonitor/api: spec.namespaceSelector.any"
	with := func(value string) string {
		return but(podMonitor, "selector: {matchLabels", "namespaceSelector: {any: "+value+"}\n  selector: {matchLabels")
	}
	packtest.Run(t, monitorStays, map[string]packtest.Case{
		"absent":     {Objects: podMonitor},
		"its own":    {Objects: with("false")},
		"everywhere": {Objects: with("true"), Want: []string{at}},
		"wrong type": {Objects: with("'true'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
