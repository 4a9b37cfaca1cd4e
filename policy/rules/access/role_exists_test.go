package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestRoleExists(t *testing.T) {
	const at = "RoleBinding/a: roleRef"
	ours := "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: core}}"
	packtest.Run(t, roleExists, map[string]packtest.Case{
		"ours":         {Objects: documents(ours, binding("kind: Role, name: a", ""))},
		"of all":       {Objects: documents(role(""), binding("kind: ClusterRole, name: a", ""))},
		"provided":     {Objects: binding("kind: ClusterRole, name: view", ""), Parameters: map[string]any{"provided": []any{"view"}}},
		"not there":    {Objects: documents(ours, binding("kind: Role, name: b", "")), Want: []string{at}},
		"near miss":    {Objects: documents(ours, binding("kind: ClusterRole, name: a", "")), Want: []string{at}},
		"own view":     {Objects: binding("kind: Role, name: view", ""), Want: []string{at}},
		"elsewhere":    {Objects: documents("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, namespace: other}}", binding("kind: Role, name: a", "")), Want: []string{at}},
		"absent":       {Objects: binding("", ""), Want: []string{at}},
		"wrong type":   {Objects: binding("kind: Role, name: 1", ""), Want: []string{at + ".name"}},
		"not known":    {Objects: binding("kind: Role, name: <unknown>", ""), Undecided: []string{at + ".name"}},
		"not provided": {Objects: binding("kind: ClusterRole, name: view", ""), Want: []string{at}},
	})
}
