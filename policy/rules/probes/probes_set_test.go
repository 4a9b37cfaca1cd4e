package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestProbesSet(t *testing.T) {
	const all = "livenessProbe: {}, readinessProbe: {}, startupProbe: {}"
	packtest.Run(t, probesSet, map[string]packtest.Case{
		"all":       right(all),
		"absent":    wrong("command: [a]", inContainer+"livenessProbe", inContainer+"readinessProbe", inContainer+"startupProbe"),
		"near miss": wrong("livenessProbe: {}, readinessProbe: {}, startupProbe: null", inContainer+"startupProbe"),
		"not known": {Objects: container("livenessProbe: <unknown>, readinessProbe: {}, startupProbe: {}"), Undecided: []string{inContainer + "livenessProbe"}},
		"of a Job":  {Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a}]}}}}"},
	})
}
