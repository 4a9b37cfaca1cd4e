package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestAlertWaits(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].for"
	packtest.Run(t, alertWaits, map[string]packtest.Case{
		"five minutes": {Objects: rule},
		"ten seconds":  {Objects: but(rule, "for: 5m", "for: 10s")},
		"in two units": {Objects: but(rule, "for: 5m", "for: 1h30m")},
		"not at all":   {Objects: but(rule, "for: 5m", "for: 0s"), Want: []string{at}},
		"absent":       {Objects: but(rule, "for: 5m, ", ""), Want: []string{at}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down", "for: 5m, ", "")},
		"wrong type":   {Objects: but(rule, "for: 5m", "for: 5"), Want: []string{at}},
		"not known":    {Objects: but(rule, "for: 5m", "for: <unknown>"), Undecided: []string{at}},
		"one unknown":  {Objects: but(rule, "{record: job:up, expr: up}", "{alert: <unknown>}", "for: 5m", "for: 0m"), Undecided: []string{"PrometheusRule/rules: spec.groups[0].rules[0].alert"}, Want: []string{at}},
	})
}
