package access

import (
	"slices"

	"platform/policy/pack"
)

// goodPractices is where most of these rules come from.
const goodPractices = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"

// The kinds that rules judge.
var (
	roleKinds    = []string{"ClusterRole", "Role"}
	bindingKinds = []string{"ClusterRoleBinding", "RoleBinding"}
)

// all is a wildcard of RBAC.
const all = "*"

// reads and writes are verbs; a wildcard is for its own rule.
var (
	reads  = []string{"get", "list", "watch"}
	writes = []string{"create", "delete", "deletecollection", "patch", "update"}
)

// eachGrant judges each rule of a role.
func eachGrant(judge func(o pack.Object, grant pack.Value, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("rules").Items(), func(grant pack.Value) { judge(o, grant, r) })
	}
}

// has is the first of these texts in a list of a grant; a wildcard is none.
func has(grant pack.Value, field string, texts ...string) (pack.Value, bool) {
	return pack.First(grant.At(field).Items(), func(one pack.Value) bool { return slices.Contains(texts, one.Text()) })
}

// allows tells whether a grant has one of these verbs on a resource of a
// group, and is the resource in it.
func allows(grant pack.Value, group string, resources, verbs []string) (pack.Value, bool) {
	if _, of := has(grant, "apiGroups", group, all); !of {
		return pack.Value{}, false
	}
	if _, can := has(grant, "verbs", append(slices.Clone(verbs), all)...); !can {
		return pack.Value{}, false
	}
	return has(grant, "resources", resources...)
}
