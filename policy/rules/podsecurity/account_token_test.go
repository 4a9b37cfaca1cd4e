package podsecurity

import (
	"testing"

	"platform/policy/packtest"
)

func TestAccountToken(t *testing.T) {
	const path = inPod + "automountServiceAccountToken"
	const head = "\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: "
	binding := func(subjects string) string {
		return head + "ClusterRoleBinding, metadata: {name: b}, subjects: [" + subjects + "]}"
	}
	quiet := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "automountServiceAccountToken: false")
	loud := "\n---\n" + packtest.InCore("v1", "ServiceAccount", "api", "")
	mounted := deployment("serviceAccountName: api, automountServiceAccountToken: true")
	ofAccount := deployment("serviceAccountName: api")
	projected := func(token string) string {
		return deployment("automountServiceAccountToken: false, volumes: [{name: v, projected: {sources: [{serviceAccountToken: {" + token + "}}]}}]")
	}
	packtest.Run(t, accountToken, map[string]packtest.Case{
		"none":                  {Objects: deployment("automountServiceAccountToken: false")},
		"absent":                {Objects: deployment("containers: []"), Want: []string{path}},
		"mounted":               {Objects: mounted, Want: []string{path}},
		"mounted and bound":     {Objects: mounted + binding("{kind: ServiceAccount, name: api, namespace: core}")},
		"bound in a namespace":  {Objects: mounted + head + "RoleBinding, metadata: {name: b, namespace: core}, subjects: [{kind: ServiceAccount, name: api, namespace: core}]}"},
		"bound by its old name": {Objects: deployment("serviceAccount: api") + binding("{kind: ServiceAccount, name: api, namespace: core}")},
		"another is bound":      {Objects: mounted + binding("{kind: ServiceAccount, name: apis, namespace: core}"), Want: []string{path}},
		"bound elsewhere":       {Objects: mounted + binding("{kind: ServiceAccount, name: api, namespace: m}"), Want: []string{path}},
		"a user is bound":       {Objects: mounted + binding("{kind: User, name: api, namespace: core}"), Want: []string{path}},
		"off in the account":    {Objects: ofAccount + quiet},
		"on over the account":   {Objects: mounted + quiet, Want: []string{path}},
		"on in the account":     {Objects: ofAccount + loud, Want: []string{path}},
		"projected":             {Objects: projected("path: token"), Want: []string{inPod + "volumes[0].projected.sources[0].serviceAccountToken"}},
		"projected settings":    {Objects: deployment("automountServiceAccountToken: false, volumes: [{name: v, projected: {sources: [{configMap: {name: c}}]}}]")},
		"for another server":    {Objects: projected("path: token, audience: vault")},
		"wrong type":            {Objects: deployment("automountServiceAccountToken: 'false'"), Want: []string{path}},
		"not known":             {Objects: deployment("automountServiceAccountToken: <unknown>"), Undecided: []string{path}},
		"binding not known":     {Objects: mounted + binding("{kind: ServiceAccount, name: <unknown>, namespace: core}"), Undecided: []string{subject + ": subjects[0].name"}},
		"one not known does not matter": {
			Objects: mounted + binding("{kind: ServiceAccount, name: <unknown>, namespace: core}, {kind: ServiceAccount, name: api, namespace: core}"),
		},
	})
}
