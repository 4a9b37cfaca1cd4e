package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestCalicoOrder(t *testing.T) {
	const a, b = "GlobalNetworkPolicy/a: spec.order", "GlobalNetworkPolicy/b: spec.order"
	packtest.Run(t, calicoOrder, map[string]packtest.Case{
		"unique":        {Objects: documents(calico("a", "order: 10"), calico("b", "order: 20"))},
		"between":       {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10.5"))},
		"the same":      {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10.0")), Want: []string{a, b}},
		"as text":       {Objects: documents(calico("a", "order: 10"), calico("b", "order: '10'")), Want: []string{a, b}},
		"another tier":  {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10, tier: platform"))},
		"its own tier":  {Objects: documents(calico("a", "order: 10"), calico("b", "order: 10, tier: default")), Want: []string{a, b}},
		"late":          {Objects: documents(calico("a", "order: 1000"), calico("b", "order: 1001")), Want: []string{b}},
		"absent":        {Objects: calico("a", "selector: all()"), Want: []string{a}},
		"wrong type":    {Objects: calico("a", "order: [1]"), Want: []string{a}},
		"not known":     {Objects: documents(calico("a", "order: 10"), calico("b", "order: <unknown>")), Undecided: []string{"GlobalNetworkPolicy/a: spec.order", b}},
		"Kubernetes'":   {Objects: policy("a", "podSelector: {}")},
		"of one's pods": {Objects: documents(calico("a", "order: 10"), "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: c}, spec: {order: 10}}"), Want: []string{a, "NetworkPolicy/c: spec.order"}},
	})
}
