package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoEscalation(t *testing.T) {
	const at = "ClusterRole/a: rules[0]."
	packtest.Run(t, noEscalation, map[string]packtest.Case{
		"plain":       {Objects: role("{apiGroups: [''], resources: [pods], verbs: [get]}")},
		"escalate":    {Objects: role("{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [get, escalate]}"), Want: []string{at + "verbs[1]"}},
		"bind":        {Objects: role("{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind]}"), Want: []string{at + "verbs[0]"}},
		"impersonate": {Objects: role("{apiGroups: [''], resources: [users], verbs: [impersonate]}"), Want: []string{at + "verbs[0]"}},
		"tokens":      {Objects: role("{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}"), Want: []string{at + "resources[0]"}},
		"all tokens":  {Objects: role("{apiGroups: ['*'], resources: [serviceaccounts/token], verbs: ['*']}"), Want: []string{at + "resources[0]"}},
		"near miss":   {Objects: role("{apiGroups: [''], resources: [serviceaccounts, pods/binding], verbs: [create]}, {apiGroups: [''], resources: [serviceaccounts/token], verbs: [get]}")},
		"absent":      {Objects: role("{}")},
		"wrong type":  {Objects: role("{verbs: escalate}"), Want: []string{at + "verbs"}},
		"not known":   {Objects: role("{verbs: [<unknown>]}, {verbs: [bind]}"), Undecided: []string{at + "verbs[0]"}, Want: []string{"ClusterRole/a: rules[1].verbs[0]"}},
	})
}
