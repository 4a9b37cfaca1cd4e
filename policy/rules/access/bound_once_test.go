package access

import (
	"testing"

	"platform/policy/packtest"
)

func TestBoundOnce(t *testing.T) {
	const a, b = "{kind: ServiceAccount, name: a, namespace: core}", "{kind: ServiceAccount, name: b, namespace: core}"
	ref := "kind: ClusterRole, name: a"
	packtest.Run(t, boundOnce, map[string]packtest.Case{
		"once":       {Objects: documents(role(""), binding(ref, a))},
		"two":        {Objects: documents(role(""), binding(ref, a+", "+b)), Want: []string{"ClusterRole/a"}},
		"twice":      {Objects: documents(role(""), binding(ref, a), packtest.But(binding(ref, b), "metadata: {name: a", "metadata: {name: b")), Want: []string{"ClusterRole/a"}},
		"absent":     {Objects: role(""), Want: []string{"ClusterRole/a"}},
		"near miss":  {Objects: documents(role(""), binding("kind: Role, name: a", a)), Want: []string{"ClusterRole/a"}},
		"wrong type": {Objects: documents(role(""), binding("kind: ClusterRole, name: 1", a)), Want: []string{"ClusterRole/a: roleRef.name"}},
		"not known":  {Objects: documents(role(""), binding("kind: ClusterRole, name: <unknown>", a)), Undecided: []string{"ClusterRole/a: roleRef.name"}},
	})
}
