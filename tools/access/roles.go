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
		rules = append(rules, a.rules(one)...)
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
// there are others' objects beside it. A create cannot go by name; to create a
// Secret shows nothing of another, and a role is not created for the identity.
func (a *Access) rules(k kind) []rbacv1.PolicyRule {
	one := func(names []string, verbs ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{k.Group}, Resources: []string{k.Resource}, ResourceNames: names, Verbs: verbs}
	}
	named := k.namespace == "" || slices.Contains(byName, k.Resource)
	names := slices.Compact(slices.Sorted(slices.Values(k.names)))
	switch {
	case !named && slices.Contains(a.lists, k.Resource):
		return []rbacv1.PolicyRule{one(nil, append(slices.Clone(previewing), "list")...)}
	case !named:
		return []rbacv1.PolicyRule{one(nil, previewing...)}
	case k.Resource == "secrets":
		return []rbacv1.PolicyRule{one(names, "get", "patch"), one(nil, "create")}
	case granting[k.Resource] != "":
		return []rbacv1.PolicyRule{one(names, "get", "patch", granting[k.Resource])}
	case k.Resource == "namespaces":
		own := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == reached })
		return []rbacv1.PolicyRule{one(own, "get", "patch"), one([]string{reached}, "get")}
	}
	return []rbacv1.PolicyRule{one(names, "get", "patch")}
}
