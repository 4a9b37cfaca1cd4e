package batch

import (
	"testing"

	"platform/policy/packtest"
)

func TestJobEnds(t *testing.T) {
	const at = "Job/migrate: spec.template.spec.restartPolicy"
	of := func(policy string) string { return "template: {spec: {restartPolicy: " + policy + "}}" }
	packtest.Run(t, jobEnds, map[string]packtest.Case{
		"never":      aJob(of("Never")),
		"of a run":   rightly("jobTemplate: {spec: {" + of("OnFailure") + "}}"),
		"always":     aJob(of("Always"), at),
		"absent":     aJob("backoffLimit: 0", at),
		"wrong type": aJob(of("1"), at),
		"not known":  {Objects: aJob(of("<unknown>")).Objects, Undecided: []string{at}},
	})
}
