package access

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// byName are the resources of which a preview may only touch the stack's own:
// those that hold values, and those that hold rights.
var byName = []string{"secrets", "roles", "rolebindings", "clusterroles", "clusterrolebindings"}

// roles are the rights: a Role in each namespace, and a ClusterRole for what has
// none, each with its binding.
func (a *Access) roles(kinds []kind) []any {
	var objects []any
	for len(kinds) > 0 {
		end := slices.IndexFunc(kinds, func(k kind) bool { return k.namespace != kinds[0].namespace })
		if end < 0 {
			end = len(kinds)
		}
		objects = append(objects, a.role(kinds[:end])...)
		kinds = kinds[end:]
	}
	return objects
}

func (a *Access) role(kinds []kind) []any {
	const version = "rbac.authorization.k8s.io/v1"
	var rules []rbacv1.PolicyRule
	for _, one := range kinds {
		rules = append(rules, one.rules()...)
	}
	if namespace := kinds[0].namespace; namespace != "" {
		return []any{
			&rbacv1.Role{TypeMeta: typed(version, "Role"), ObjectMeta: a.named(Account, namespace), Rules: rules},
			&rbacv1.RoleBinding{
				TypeMeta: typed(version, "RoleBinding"), ObjectMeta: a.named(Account, namespace), Subjects: []rbacv1.Subject{a.subject()},
				RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: Account},
			},
		}
	}
	return []any{
		&rbacv1.ClusterRole{TypeMeta: typed(version, "ClusterRole"), ObjectMeta: a.named(a.cluster(), ""), Rules: rules},
		&rbacv1.ClusterRoleBinding{
			TypeMeta: typed(version, "ClusterRoleBinding"), ObjectMeta: a.named(a.cluster(), ""), Subjects: []rbacv1.Subject{a.subject()},
			RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: a.cluster()},
		},
	}
}

// rules are the rights on one kind. What has no namespace goes by name as well:
// there are others' objects beside it. A create cannot go by name, so a new
// object of such a kind is seen when the rights are applied again.
func (k kind) rules() []rbacv1.PolicyRule {
	rule := rbacv1.PolicyRule{APIGroups: []string{k.Group}, Resources: []string{k.Resource}, Verbs: previewing}
	if k.namespace != "" && !slices.Contains(byName, k.Resource) {
		return []rbacv1.PolicyRule{rule}
	}
	rule.ResourceNames = slices.Compact(slices.Sorted(slices.Values(k.names)))
	rule.Verbs = []string{"get", "patch"}
	if verb := granting[k.Resource]; verb != "" {
		rule.Verbs = append(rule.Verbs, verb)
	}
	return []rbacv1.PolicyRule{rule}
}
