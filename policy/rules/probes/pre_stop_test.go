package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestPreStopFits(t *testing.T) {
	const path = inPod + "terminationGracePeriodSeconds"
	of := func(grace, hook string) string {
		return deployment(grace + "containers: [{name: a, lifecycle: {preStop: {" + hook + "}}}]")
	}
	packtest.Run(t, preStopFits, map[string]packtest.Case{
		"enough":           {Objects: of("terminationGracePeriodSeconds: 30, ", "sleep: {seconds: 20}")},
		"a second less":    {Objects: of("terminationGracePeriodSeconds: 29, ", "sleep: {seconds: 20}"), Want: []string{path}},
		"by default":       {Objects: of("", "sleep: {seconds: 20}")},
		"not by default":   {Objects: of("", "sleep: {seconds: 21}"), Want: []string{path}},
		"a command":        {Objects: of("", "exec: {command: [/bin/sleep, '25']}"), Want: []string{path}},
		"a shell":          {Objects: of("", "exec: {command: [sh, -c, 'sleep 1m; true']}"), Want: []string{path}},
		"two sleeps":       {Objects: of("", "exec: {command: [sh, -c, 'sleep 15; sleep 15']}"), Want: []string{path}},
		"a short command":  {Objects: of("", "exec: {command: [sleep, '5']}")},
		"sleep of nothing": {Objects: of("", "exec: {command: [sleep]}")},
		"no hook":          {Objects: deployment("terminationGracePeriodSeconds: 1, containers: [{name: a}]")},
		"wrong type":       {Objects: of("terminationGracePeriodSeconds: '1', ", "sleep: {seconds: 20}"), Want: []string{path}},
		"not known":        {Objects: of("terminationGracePeriodSeconds: <unknown>, ", "sleep: {seconds: 20}"), Undecided: []string{path}},
		"parameters":       {Objects: of("", "sleep: {seconds: 5}"), Want: []string{path}, Parameters: map[string]any{"floor": 26.0}},
	})
}
