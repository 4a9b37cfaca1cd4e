package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestClusterAdmin(t *testing.T) {
	const at = "RoleBinding/a: roleRef.name"
	packtest.Run(t, clusterAdmin, map[string]packtest.Case{
		"another":    {Objects: binding("kind: ClusterRole, name: view", "")},
		"bound":      {Objects: binding("kind: ClusterRole, name: cluster-admin", ""), Want: []string{at}},
		"everywhere": {Objects: "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {kind: ClusterRole, name: cluster-admin}}", Want: []string{"ClusterRoleBinding/a: roleRef.name"}},
		"near miss":  {Objects: binding("kind: Role, name: cluster-admin", "")},
		"absent":     {Objects: binding("", "")},
		"wrong type": {Objects: binding("kind: ClusterRole, name: [cluster-admin]", ""), Want: []string{at}},
		"not known":  {Objects: binding("kind: ClusterRole, name: <unknown>", ""), Undecided: []string{at}},
		"by list":    {Objects: binding("kind: ClusterRole, name: admin", ""), Parameters: map[string]any{"roles": []any{"admin"}}, Want: []string{at}},
		"the role":   {Objects: role("{verbs: [get]}")},
	})
}
