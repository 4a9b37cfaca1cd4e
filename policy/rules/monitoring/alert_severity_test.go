package monitoring

import (
	"testing"

	"platform/policy/packtest"
)

func TestAlertSeverity(t *testing.T) {
	const at = "PrometheusRule/rules: spec.groups[0].rules[1].labels.severity"
	packtest.Run(t, alertSeverity, map[string]packtest.Case{
		"critical":     {Objects: rule},
		"warning":      {Objects: but(rule, "severity: critical", "severity: warning")},
		"misspelt":     {Objects: but(rule, "severity: critical", "severity: Critical"), Want: []string{at}},
		"absent":       {Objects: but(rule, "severity: critical", ""), Want: []string{at}},
		"recorded":     {Objects: but(rule, "alert: Down", "record: down", "severity: critical", "")},
		"by parameter": {Objects: but(rule, "severity: critical", "severity: page"), Parameters: map[string]any{"severities": []any{"page"}}},
		"wrong type":   {Objects: but(rule, "severity: critical", "severity: 1"), Want: []string{at}},
		"not known":    {Objects: but(rule, "severity: critical", "severity: <unknown>"), Undecided: []string{at}},
	})
}
