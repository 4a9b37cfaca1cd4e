package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestOpenEgress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].ports"
	to := func(peer, ports string) string { return policy("a", "egress: [{to: ["+peer+"], ports: ["+ports+"]}]") }
	packtest.Run(t, openEgress, map[string]packtest.Case{
		"by labels":      {Objects: to("{podSelector: {matchLabels: {app: web}}}", "")},
		"a network":      {Objects: to("{ipBlock: {cidr: 192.168.0.0/16}}", "")},
		"by a port":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 443}")},
		"nothing":        {Objects: policy("a", "policyTypes: [Egress]")},
		"by no peers":    {Objects: policy("a", "egress: [{}]"), Want: []string{at}},
		"the world":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", ""), Want: []string{at}},
		"near miss":      {Objects: to("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 443}, {port: 80}"), Want: []string{at + "[1]"}},
		"the DNS of all": {Objects: to("", "{port: 53, protocol: UDP}"), Want: []string{at + "[0]"}},
		"wrong type":     {Objects: policy("a", "egress: all"), Want: []string{"NetworkPolicy/a: spec.egress"}},
		"not known":      {Objects: to("{ipBlock: {cidr: <unknown>}}", ""), Undecided: []string{"NetworkPolicy/a: spec.egress[0].to[0].ipBlock.cidr"}},
		"another port":   {Objects: to("", "{port: 587}"), Parameters: map[string]any{"ports": []any{"587"}}},
		"Calico's":       {Objects: "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {egress: [{action: Deny}]}}"},
	})
}
