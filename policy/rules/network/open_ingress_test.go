package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestOpenIngress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].ports"
	from := func(peer, ports string) string {
		return policy("a", "ingress: [{from: ["+peer+"], ports: ["+ports+"]}]")
	}
	world := func(cidr string) string { return from("{ipBlock: {cidr: '"+cidr+"'}}", "") }
	packtest.Run(t, openIngress, map[string]packtest.Case{
		"by labels":        {Objects: from("{podSelector: {matchLabels: {app: web}}}", "")},
		"own namespace":    {Objects: from("{podSelector: {}}", "")},
		"a network":        {Objects: world("192.168.0.0/16")},
		"the private ones": {Objects: world("10.0.0.0/8")},
		"nothing":          {Objects: policy("a", "podSelector: {}")},
		"the edge":         {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443, protocol: TCP}, {port: 2222}")},
		"by no peers":      {Objects: policy("a", "ingress: [{}]"), Want: []string{at}},
		"by an empty list": {Objects: from("", ""), Want: []string{at}},
		"the world":        {Objects: world("0.0.0.0/0"), Want: []string{at}},
		"half of it":       {Objects: world("128.0.0.0/1"), Want: []string{at}},
		"more than 10":     {Objects: world("10.0.0.0/7"), Want: []string{at}},
		"IPv6":             {Objects: world("::/0"), Want: []string{at}},
		"an IPv6 registry": {Objects: world("2000::/12"), Want: []string{at}},
		"an IPv6 site":     {Objects: world("2001:db8::/32")},
		"private IPv6":     {Objects: world("fc00::/7")},
		"unreadable":       {Objects: world("everything"), Want: []string{at}},
		"all namespaces":   {Objects: from("{namespaceSelector: {}}", ""), Want: []string{at}},
		"all of all":       {Objects: from("{namespaceSelector: {}, podSelector: {}}", ""), Want: []string{at}},
		"some of all":      {Objects: from("{namespaceSelector: {}, podSelector: {matchLabels: {app: prometheus}}}", "")},
		"near miss":        {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443}, {port: 8444}"), Want: []string{at + "[1]"}},
		"a range":          {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 8443, endPort: 9000}"), Want: []string{at + "[0]"}},
		"a port at all":    {Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{protocol: TCP}"), Want: []string{at + "[0]"}},
		"wrong type":       {Objects: policy("a", "ingress: [{from: all}]"), Want: []string{"NetworkPolicy/a: spec.ingress[0].from"}},
		"not known": {
			Objects:   policy("a", "ingress: [{from: [{ipBlock: {cidr: <unknown>}}]}, {}]"),
			Undecided: []string{"NetworkPolicy/a: spec.ingress[0].from[0].ipBlock.cidr"}, Want: []string{"NetworkPolicy/a: spec.ingress[1].ports"},
		},
		"another edge": {
			Objects: from("{ipBlock: {cidr: 0.0.0.0/0}}", "{port: 80}"), Parameters: map[string]any{"ports": []any{"80"}},
		},
		"Calico's": {Objects: "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {ingress: [{action: Deny}]}}"},
	})
}
