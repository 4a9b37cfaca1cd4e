package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestPathType(t *testing.T) {
	const at = "Ingress/edge: spec.rules[0].http.paths[0].pathType"
	packtest.Run(t, pathType, map[string]packtest.Case{
		"prefix":     {Objects: ingress},
		"exact":      {Objects: but(ingress, "Prefix", "Exact")},
		"its own":    {Objects: but(ingress, "Prefix", "ImplementationSpecific"), Want: []string{at}},
		"absent":     {Objects: but(ingress, "pathType: Prefix, ", ""), Want: []string{at}},
		"wrong type": {Objects: but(ingress, "Prefix", "1"), Want: []string{at}},
		"not known":  {Objects: but(ingress, "Prefix", "<unknown>"), Undecided: []string{at}},
	})
}
