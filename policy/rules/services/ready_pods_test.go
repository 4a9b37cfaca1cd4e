package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestReadyPods(t *testing.T) {
	const at = "Service/api: spec.publishNotReadyAddresses"
	with := func(value string) string { return but(service, "type: ClusterIP", "publishNotReadyAddresses: "+value) }
	packtest.Run(t, readyPods, map[string]packtest.Case{
		"absent":     {Objects: service},
		"off":        {Objects: with("false")},
		"on":         {Objects: with("true"), Want: []string{at}},
		"for peers":  {Objects: with("true\n  clusterIP: None")},
		"wrong type": {Objects: with("'true'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
