package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestNodePortFixed(t *testing.T) {
	const at = "Service/api: spec.ports[0].nodePort"
	with := func(value string) string {
		return but(service, "ClusterIP", "NodePort", "port: 80", "port: 80, nodePort: "+value)
	}
	packtest.Run(t, nodePortFixed, map[string]packtest.Case{
		"fixed":      {Objects: with("30900")},
		"in cluster": {Objects: service},
		"absent":     {Objects: but(service, "ClusterIP", "NodePort"), Want: []string{at}},
		"zero":       {Objects: with("0"), Want: []string{at}},
		"wrong type": {Objects: with("'30900'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
