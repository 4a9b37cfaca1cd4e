package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestStartingDeadline(t *testing.T) {
	packtest.Run(t, startingDeadline, map[string]packtest.Case{
		"an hour":      rightly("startingDeadlineSeconds: 3600"),
		"the shortest": rightly("startingDeadlineSeconds: 10"),
		"shorter":      wrongly("startingDeadlineSeconds: 9", "startingDeadlineSeconds"),
		"absent":       wrongly("suspend: false", "startingDeadlineSeconds"),
		"wrong type":   wrongly("startingDeadlineSeconds: '3600'", "startingDeadlineSeconds"),
		"not known":    undecided("startingDeadlineSeconds: <unknown>", "startingDeadlineSeconds"),
		"parameters":   {Objects: rightly("startingDeadlineSeconds: 59").Objects, Want: []string{"CronJob/dump: spec.startingDeadlineSeconds"}, Parameters: map[string]any{"floor": 60.0}},
	})
}
