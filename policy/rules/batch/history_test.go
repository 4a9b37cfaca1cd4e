package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestHistory(t *testing.T) {
	packtest.Run(t, history, map[string]packtest.Case{
		"both":                rightly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3"),
		"none that succeeded": rightly("successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 1"),
		"none that failed":    wrongly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 0", "failedJobsHistoryLimit"),
		"the most":            rightly("successfulJobsHistoryLimit: 10, failedJobsHistoryLimit: 10"),
		"more":                wrongly("successfulJobsHistoryLimit: 11, failedJobsHistoryLimit: 11", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
		"one":                 wrongly("successfulJobsHistoryLimit: 3", "failedJobsHistoryLimit"),
		"absent":              wrongly("suspend: false", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
		"wrong type":          wrongly("successfulJobsHistoryLimit: '3', failedJobsHistoryLimit: 3", "successfulJobsHistoryLimit"),
		"not known":           undecided("successfulJobsHistoryLimit: <unknown>, failedJobsHistoryLimit: 3", "successfulJobsHistoryLimit"),
		"parameters":          {Objects: rightly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 2").Objects, Want: []string{"CronJob/dump: spec.successfulJobsHistoryLimit"}, Parameters: map[string]any{"ceiling": 2.0}},
	})
}
