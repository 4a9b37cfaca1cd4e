package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPolicyForAll(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].ports"
	packtest.Run(t, policyForAll, map[string]packtest.Case{
		"DNS":         {Objects: policy("a", "podSelector: {}, egress: [{ports: [{port: 53, protocol: UDP}]}]")},
		"deny":        {Objects: policy("a", "podSelector: {}")},
		"of some":     {Objects: policy("a", "podSelector: {matchLabels: {app: a}}, egress: [{ports: [{port: 5432}]}]")},
		"another":     {Objects: policy("a", "podSelector: {}, egress: [{ports: [{port: 53}, {port: 5432}]}]"), Want: []string{at + "[1]"}},
		"no selector": {Objects: policy("a", "egress: [{to: []}]"), Want: []string{at}},
		"wrong type":  {Objects: policy("a", "podSelector: a, egress: [{}]"), Want: []string{"NetworkPolicy/a: spec.podSelector"}},
		"not known":   {Objects: policy("a", "podSelector: {}, egress: [{ports: <unknown>}]"), Undecided: []string{at}},
	})
}
