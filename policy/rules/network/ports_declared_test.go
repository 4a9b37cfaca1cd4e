package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPortsDeclared(t *testing.T) {
	const at = "NetworkPolicy/a: spec."
	api := pod("api", "app: api", "containers: [{name: a, ports: [{name: http, containerPort: 8080}]}]")
	packtest.Run(t, portsDeclared, map[string]packtest.Case{
		"declared":      {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}, {port: http}]}]"))},
		"another":       {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080}, {port: 22}]}]")), Want: []string{at + "ingress[0].ports[1].port"}},
		"of a protocol": {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]")), Want: []string{at + "ingress[0].ports[0].port"}},
		"outwards":      {Objects: documents(api, policy("a", "egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 22}]}]")), Want: []string{at + "egress[0].ports[0].port"}},
		"elsewhere":     {Objects: policy("a", "egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53}]}, {to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]")},
		"outside":       {Objects: policy("a", "egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 5432}]}]")},
		"not listed":    {Objects: policy("a", "egress: [{to: [{namespaceSelector: {}}], ports: [{port: 22}]}]"), Want: []string{at + "egress[0].ports[0].port"}},
		"absent":        {Objects: policy("a", "ingress: [{ports: [{protocol: TCP}]}]")},
		"wrong type":    {Objects: documents(api, policy("a", "ingress: [{ports: [{port: [1]}]}]")), Want: []string{at + "ingress[0].ports[0].port"}},
		"not known":     {Objects: documents(api, policy("a", "ingress: [{ports: [{port: <unknown>}]}]")), Undecided: []string{at + "ingress[0].ports[0].port"}},
	})
}
