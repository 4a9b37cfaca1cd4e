package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPortsNamed(t *testing.T) {
	const at = "NetworkPolicy/a: spec.ingress[0].ports"
	packtest.Run(t, portsNamed, map[string]packtest.Case{
		"named":      {Objects: policy("a", "ingress: [{ports: [{port: 80}]}], egress: [{ports: [{port: http}]}]")},
		"no rules":   {Objects: policy("a", "podSelector: {}")},
		"absent":     {Objects: policy("a", "ingress: [{from: []}]"), Want: []string{at}},
		"none":       {Objects: policy("a", "egress: [{ports: []}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].ports"}},
		"protocol":   {Objects: policy("a", "ingress: [{ports: [{port: 80}, {protocol: UDP}]}]"), Want: []string{at + "[1].port"}},
		"range":      {Objects: policy("a", "ingress: [{ports: [{port: 80, endPort: 90}]}]"), Want: []string{at + "[0].endPort"}},
		"wrong type": {Objects: policy("a", "ingress: [{ports: 80}]"), Want: []string{at}},
		"not known":  {Objects: policy("a", "ingress: [{ports: <unknown>}]"), Undecided: []string{at}},
		"Calico's":   {Objects: calico("a", "ingress: [{action: Allow}]")},
	})
}
