package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestExternalIPs(t *testing.T) {
	const at = "Service/api: spec.externalIPs"
	with := func(ips string) string { return but(service, "type: ClusterIP", "externalIPs: "+ips) }
	packtest.Run(t, externalIPs, map[string]packtest.Case{
		"absent":      {Objects: service},
		"none":        {Objects: with("[]")},
		"one":         {Objects: with("[10.0.0.1]"), Want: []string{at}},
		"wrong type":  {Objects: with("10.0.0.1"), Want: []string{at}},
		"not known":   {Objects: with("<unknown>"), Undecided: []string{at}},
		"one unknown": {Objects: with("[<unknown>]"), Want: []string{at}},
	})
}
