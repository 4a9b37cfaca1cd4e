package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestPodSelected(t *testing.T) {
	const at = "Deployment/api: spec.template.metadata.labels"
	api := pod("api", "app: api, tier: web", "")
	packtest.Run(t, podSelected, map[string]packtest.Case{
		"by labels":     {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api}}"))},
		"by expression": {Objects: documents(api, policy("a", "podSelector: {matchExpressions: [{key: tier, operator: In, values: [web, db]}]}"))},
		"by all":        {Objects: documents(api, policy("a", "podSelector: {}"))},
		"no policy":     {Objects: api, Want: []string{at}},
		"near miss":     {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: api, tier: db}}")), Want: []string{at}},
		"elsewhere": {
			Objects: documents(api, "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: other}, spec: {podSelector: {}}}"), Want: []string{at},
		},
		"on the node":     {Objects: pod("api", "app: api", "hostNetwork: true")},
		"wrong type":      {Objects: documents(api, policy("a", "podSelector: {matchLabels: api}")), Want: []string{"Deployment/api: spec.podSelector.matchLabels"}},
		"not known":       {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: <unknown>}}")), Undecided: []string{"Deployment/api: spec.podSelector.matchLabels.app"}},
		"known elsewhere": {Objects: documents(api, policy("a", "podSelector: {matchLabels: {app: <unknown>}}"), policy("b", "podSelector: {}"))},
		"labels that are not known": {
			Objects:   documents(pod("other", "app: <unknown>", ""), api, policy("a", "podSelector: {matchLabels: {app: api}}")),
			Undecided: []string{"Deployment/other: spec.template.metadata.labels.app"},
		},
	})
}
