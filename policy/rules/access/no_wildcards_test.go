package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoWildcards(t *testing.T) {
	const at = "ClusterRole/a: rules[0]."
	packtest.Run(t, noWildcards, map[string]packtest.Case{
		"named":      {Objects: role("{apiGroups: [''], resources: [pods], verbs: [get]}")},
		"verbs":      {Objects: role("{apiGroups: [''], resources: [pods], verbs: ['*']}"), Want: []string{at + "verbs[0]"}},
		"resources":  {Objects: role("{apiGroups: [''], resources: [pods, '*/scale'], verbs: [get]}"), Want: []string{at + "resources[1]"}},
		"all":        {Objects: role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}, {nonResourceURLs: ['/metrics/*'], verbs: [get]}"), Want: []string{at + "apiGroups[0]", at + "resources[0]", at + "verbs[0]", "ClusterRole/a: rules[1].nonResourceURLs[0]"}},
		"absent":     {Objects: role("")},
		"wrong type": {Objects: role("{verbs: '*'}"), Want: []string{at + "verbs"}},
		"not known":  {Objects: role("{verbs: [<unknown>, '*']}"), Undecided: []string{at + "verbs[0]"}, Want: []string{at + "verbs[1]"}},
		"near miss":  {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{resources: [pods], resourceNames: ['*'], verbs: [get]}]}"},
	})
}
