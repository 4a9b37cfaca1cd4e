package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestSubjectsAreOurs(t *testing.T) {
	const at = "RoleBinding/a: subjects[0]"
	subject := func(fields string) string {
		return documents(account("api"), binding("kind: Role, name: a", "{"+fields+"}"))
	}
	packtest.Run(t, subjectsAreOurs, map[string]packtest.Case{
		"ours":       {Objects: subject("kind: ServiceAccount, name: api, namespace: core")},
		"a group":    {Objects: subject("kind: Group, name: 'system:authenticated'"), Want: []string{at}},
		"a user":     {Objects: subject("kind: User, name: api"), Want: []string{at}},
		"default":    {Objects: documents(account("default"), subject("kind: ServiceAccount, name: default, namespace: core")), Want: []string{at + ".name"}},
		"near miss":  {Objects: subject("kind: ServiceAccount, name: api-2, namespace: core"), Want: []string{at}},
		"elsewhere":  {Objects: subject("kind: ServiceAccount, name: api, namespace: other"), Want: []string{at}},
		"the router": {Objects: subject("kind: ServiceAccount, name: router, namespace: openshift-ingress")},
		"a router":   {Objects: subject("kind: ServiceAccount, name: router, namespace: core"), Want: []string{at}},
		"nobody":     {Objects: binding("kind: Role, name: a", "")},
		"absent":     {Objects: subject(""), Want: []string{at}},
		"wrong type": {Objects: subject("kind: 1"), Want: []string{at + ".kind"}},
		"not known":  {Objects: subject("kind: ServiceAccount, name: <unknown>, namespace: core"), Undecided: []string{at + ".name"}},
		"account not known": {
			Objects:   documents(account("<unknown>"), binding("", "{kind: ServiceAccount, name: api, namespace: core}")),
			Undecided: []string{"RoleBinding/a: metadata.name"},
		},
	})
}
