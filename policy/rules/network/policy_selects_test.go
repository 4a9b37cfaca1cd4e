package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPolicySelects(t *testing.T) {
	const at = "NetworkPolicy/a: spec.podSelector"
	api := pod("api", "app: api", "")
	ofAPI := policy("a", "podSelector: {matchLabels: {app: api}}")
	packtest.Run(t, policySelects, map[string]packtest.Case{
		"some":            {Objects: documents(api, ofAPI)},
		"whoever comes":   {Objects: policy("a", "podSelector: {}")},
		"none":            {Objects: documents(pod("web", "app: web", ""), ofAPI), Want: []string{at}},
		"near miss":       {Objects: documents(pod("api", "app: api-2", ""), ofAPI), Want: []string{at}},
		"pods on a node":  {Objects: documents(pod("api", "app: api", "hostNetwork: true"), ofAPI), Want: []string{at}},
		"no pods":         {Objects: ofAPI, Want: []string{at}},
		"wrong type":      {Objects: documents(api, policy("a", "podSelector: []")), Want: []string{at}},
		"an operator":     {Objects: documents(api, policy("a", "podSelector: {matchExpressions: [{key: app, operator: Is, values: [api]}]}")), Want: []string{at}},
		"not known":       {Objects: documents(pod("api", "app: <unknown>", ""), ofAPI), Undecided: []string{"NetworkPolicy/a: spec.template.metadata.labels.app"}},
		"known elsewhere": {Objects: documents(pod("web", "app: <unknown>", ""), api, ofAPI)},
		"elsewhere": {
			Objects: documents("{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: other, labels: {app: api}}}", ofAPI), Want: []string{at},
		},
	})
}
