package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPolicyTypes(t *testing.T) {
	const at = "NetworkPolicy/a: spec.policyTypes"
	packtest.Run(t, policyTypes, map[string]packtest.Case{
		"both":       {Objects: policy("a", "policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]")},
		"no rules":   {Objects: policy("a", "policyTypes: [Egress]")},
		"absent":     {Objects: policy("a", "ingress: [{}]"), Want: []string{at}},
		"none":       {Objects: policy("a", "policyTypes: []"), Want: []string{at}},
		"the other":  {Objects: policy("a", "policyTypes: [Ingress], egress: [{}]"), Want: []string{at}},
		"wrong type": {Objects: policy("a", "policyTypes: Ingress"), Want: []string{at}},
		"not known":  {Objects: policy("a", "policyTypes: <unknown>"), Undecided: []string{at}},
	})
}
