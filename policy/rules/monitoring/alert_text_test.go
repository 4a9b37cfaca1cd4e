package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestAlertText(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].annotations"
	packtest.Run(t, alertText, map[string]packtest.Case{
		"both":         {Objects: rule},
		"no summary":   {Objects: but(rule, "summary: it is down, ", ""), Want: []string{at + ".summary"}},
		"no runbook":   {Objects: but(rule, ", runbook_url: runbooks.md#down", ""), Want: []string{at + ".runbook_url"}},
		"blank":        {Objects: but(rule, "it is down", "' '"), Want: []string{at + ".summary"}},
		"absent":       {Objects: but(rule, ", annotations: {summary: it is down, runbook_url: runbooks.md#down}", ""), Want: []string{at + ".summary", at + ".runbook_url"}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down"), Want: nil},
		"by parameter": {Objects: rule, Parameters: map[string]any{"annotations": []any{"dashboard"}}, Want: []string{at + ".dashboard"}},
		"wrong type":   {Objects: but(rule, "it is down", "1"), Want: []string{at + ".summary"}},
		"not known":    {Objects: but(rule, "summary: it is down, runbook_url: runbooks.md#down", "summary: <unknown>"), Undecided: []string{at + ".summary"}, Want: []string{at + ".runbook_url"}},
		"other kinds":  {Objects: api},
	})
}
