package network

import (
	"testing"

	"platform/policy/pack"
	"platform/policy/packtest"
)

func TestDefaultDeny(t *testing.T) {
	for direction, rule := range map[string]pack.Rule{"Ingress": ingressDenied, "Egress": egressDenied} {
		other := map[string]string{"Ingress": "Egress", "Egress": "Ingress"}[direction]
		want := []string{"Namespace/core"}
		t.Run(direction, func(t *testing.T) {
			packtest.Run(t, rule, map[string]packtest.Case{
				"denied":             {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: ["+direction+"]"))},
				"by an empty label":  {Objects: documents(namespace, policy("a", "podSelector: {matchLabels: {}}, policyTypes: ["+other+", "+direction+"]"))},
				"without a selector": {Objects: documents(namespace, policy("a", "policyTypes: ["+direction+"]"))},
				"no policy":          {Objects: namespace, Want: want},
				"of some pods":       {Objects: documents(namespace, policy("a", "podSelector: {matchLabels: {app: a}}, policyTypes: ["+direction+"]")), Want: want},
				"the other way":      {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: ["+other+"]")), Want: want},
				"elsewhere": {
					Objects: documents("{apiVersion: v1, kind: Namespace, metadata: {name: other}}", policy("a", "podSelector: {}, policyTypes: ["+direction+"]")),
					Want:    []string{"Namespace/other"},
				},
				"Calico's": {
					Objects: documents(namespace, "{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a, namespace: core}, spec: {policyTypes: ["+direction+"]}}"),
					Want:    want,
				},
				"wrong type":     {Objects: documents(namespace, policy("a", "podSelector: {}, policyTypes: "+direction)), Want: []string{"Namespace/core: spec.policyTypes"}},
				"not known":      {Objects: documents(namespace, policy("a", "podSelector: <unknown>, policyTypes: ["+direction+"]")), Undecided: []string{"Namespace/core: spec.podSelector"}},
				"known elsewise": {Objects: documents(namespace, policy("a", "podSelector: <unknown>"), policy("b", "podSelector: {}, policyTypes: ["+direction+"]"))},
				"no namespace":   {Objects: pod("a", "app: a", "")},
			})
		})
	}
	packtest.Run(t, ingressDenied, map[string]packtest.Case{
		"no types": {Objects: documents(namespace, policy("a", "podSelector: {}"))},
	})
	packtest.Run(t, egressDenied, map[string]packtest.Case{
		"no types":           {Objects: documents(namespace, policy("a", "podSelector: {}")), Want: []string{"Namespace/core"}},
		"no types and rules": {Objects: documents(namespace, policy("a", "podSelector: {}, egress: [{ports: [{port: 53}]}]"))},
	})
}
