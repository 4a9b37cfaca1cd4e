package probes

import (
	"testing"

	"platform/policy/packtest"
)

func TestTimeToEnd(t *testing.T) {
	const at = "Deployment/api: spec.template.spec.terminationGracePeriodSeconds"
	packtest.Run(t, timeToEnd, map[string]packtest.Case{
		"enough":     {Objects: deployment("terminationGracePeriodSeconds: 10")},
		"absent":     {Objects: deployment("containers: []")},
		"none":       {Objects: deployment("terminationGracePeriodSeconds: 0"), Want: []string{at}},
		"too little": {Objects: deployment("terminationGracePeriodSeconds: 9"), Want: []string{at}},
		"wrong type": {Objects: deployment("terminationGracePeriodSeconds: 10s"), Want: []string{at}},
		"not known":  {Objects: deployment("terminationGracePeriodSeconds: <unknown>"), Undecided: []string{at}},
	})
}
