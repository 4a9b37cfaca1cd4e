package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPeersExist(t *testing.T) {
	const from, to = "NetworkPolicy/a: spec.ingress[0].from[0]", "NetworkPolicy/a: spec.egress[0].to[0]"
	api := pod("api", "app: api", "")
	ingress := func(peer string) string {
		return documents(namespace, api, policy("a", "ingress: [{from: [{"+peer+"}]}]"))
	}
	egress := func(peer string) string {
		return documents(namespace, api, policy("a", "egress: [{to: [{"+peer+"}]}]"))
	}
	const web, ours, theirs = "podSelector: {matchLabels: {app: web}}", "kubernetes.io/metadata.name: core", "kubernetes.io/metadata.name: monitoring"
	packtest.Run(t, peersExist, map[string]packtest.Case{
		"there":            {Objects: ingress("podSelector: {matchLabels: {app: api}}")},
		"all":              {Objects: ingress("podSelector: {}")},
		"nobody in":        {Objects: ingress(web), Want: []string{from}},
		"nobody out":       {Objects: egress(web), Want: []string{to}},
		"near miss":        {Objects: egress("podSelector: {matchLabels: {app: api, tier: web}}"), Want: []string{to}},
		"by our namespace": {Objects: egress("namespaceSelector: {matchLabels: {" + ours + "}}, " + web), Want: []string{to}},
		"of others":        {Objects: egress("namespaceSelector: {matchLabels: {" + theirs + "}}, " + web)},
		"of any":           {Objects: egress("namespaceSelector: {}, " + web)},
		"addresses":        {Objects: egress("ipBlock: {cidr: 10.0.0.0/8}")},
		"on the node":      {Objects: documents(pod("web", "app: web", "hostNetwork: true"), policy("a", "ingress: [{from: [{"+web+"}]}]")), Want: []string{from}},
		"no peers":         {Objects: policy("a", "ingress: [{}], egress: [{}]")},
		"wrong type":       {Objects: ingress("podSelector: web"), Want: []string{"NetworkPolicy/a: spec.ingress[0].from[0].podSelector"}},
		"not known": {
			Objects:   documents(api, policy("a", "ingress: [{from: [{podSelector: {matchLabels: {app: <unknown>}}}, {"+web+"}]}]")),
			Undecided: []string{from + ".podSelector.matchLabels.app"}, Want: []string{"NetworkPolicy/a: spec.ingress[0].from[1]"},
		},
	})
}
