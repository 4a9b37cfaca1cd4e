package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPeersNamed(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].from[0]."
	from := func(peer string) string { return policy("a", "ingress: [{from: [{"+peer+"}]}]") }
	const monitoring = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}"
	packtest.Run(t, peersNamed, map[string]packtest.Case{
		"pods":               {Objects: from("podSelector: {matchLabels: {app: a}}")},
		"of a namespace":     {Objects: from("podSelector: {matchLabels: {app: a}}, " + monitoring)},
		"addresses":          {Objects: from("ipBlock: {cidr: 10.0.0.0/8}")},
		"all pods":           {Objects: from("podSelector: {}"), Want: []string{at + "podSelector"}},
		"all of a namespace": {Objects: from(monitoring), Want: []string{at + "podSelector"}},
		"of all namespaces":  {Objects: from("podSelector: {matchLabels: {app: a}}, namespaceSelector: {}"), Want: []string{at + "namespaceSelector"}},
		"by another label":   {Objects: from("podSelector: {matchLabels: {app: a}}, namespaceSelector: {matchLabels: {team: a}}"), Want: []string{at + "namespaceSelector"}},
		"outwards":           {Objects: policy("a", "egress: [{to: [{podSelector: {}}]}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].to[0].podSelector"}},
		"absent":             {Objects: policy("a", "ingress: [{}]")},
		"wrong type":         {Objects: from("podSelector: a"), Want: []string{at + "podSelector"}},
		"not known":          {Objects: from("podSelector: <unknown>"), Undecided: []string{at + "podSelector"}},
	})
}
