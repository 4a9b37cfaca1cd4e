package mutation

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const groupAccess = "access"

var (
	roles    = []string{"ClusterRole", "Role"}
	bindings = []string{"ClusterRoleBinding", "RoleBinding"}
)

var access = []Operator{
	{Group: groupAccess, Name: "verbs", Kinds: roles, At: "rules * verbs", Do: granting(
		appended("a wildcard", "*"), appended("escalate", "escalate"), appended("bind", "bind"), appended("impersonate", "impersonate"),
		appended("deletecollection", "deletecollection"), appended("list", "list"), appended("watch", "watch"), appended("create", "create"), appended("delete", "delete"), appended("update", "update"), appended("patch", "patch"),
	)},
	{Group: groupAccess, Name: "resources", Kinds: roles, At: "rules * resources", Do: granting(
		appended("a wildcard", "*"), appended("secrets", "secrets"), appended("pods/exec", "pods/exec"), appended("serviceaccounts/token", "serviceaccounts/token"), appended("nodes/proxy", "nodes/proxy"),
	)},
	{Group: groupAccess, Name: "apiGroups", Kinds: roles, At: "rules * apiGroups", Do: granting(appended("a wildcard", "*"))},
	{Group: groupAccess, Name: "resourceNames", Kinds: roles, At: "rules * resourceNames", Do: []Change{removed, emptied}},
	{Group: groupAccess, Name: "resourceNames", Kinds: roles, At: "rules * resourceNames", Where: present, Do: []Change{appended("another", "postgres-credentials")}},
	{Group: groupAccess, Name: "rules", Kinds: roles, At: "rules", Do: granting(
		appended("one for everything", grant("*", "*", "*")), appended("one for roles", grant("rbac.authorization.k8s.io", "clusterroles", "update")),
		appended("one for webhooks", grant("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create")),
		appended("one for addresses", map[string]any{"nonResourceURLs": []any{"*"}, "verbs": []any{"get"}}),
		appended("one for Secrets", grant("", "secrets", "list")), appended("one for pods", grant("", "pods", "create")), appended("one for workloads", grant("apps", "deployments", "patch")),
	)},
	{Group: groupAccess, Name: "aggregationRule", Kinds: []string{"ClusterRole"}, At: "aggregationRule", Do: []Change{set(map[string]any{"clusterRoleSelectors": []any{map[string]any{}}})}},
	{Group: groupAccess, Name: "subjects", Kinds: bindings, At: "subjects", Do: []Change{
		appended("everybody with a login", group("system:authenticated")), appended("all accounts", group("system:serviceaccounts")),
		appended("everybody", group("system:unauthenticated")),
		appended("a user", map[string]any{"kind": "User", "name": "somebody", "apiGroup": "rbac.authorization.k8s.io"}), anotherSubject,
	}},
	{Group: groupAccess, Name: "subject", Kinds: bindings, At: "subjects *", Do: []Change{set(group("system:authenticated")), set(group("system:serviceaccounts"))}},
	{Group: groupAccess, Name: "name of a subject", Kinds: bindings, At: "subjects * name", Do: []Change{set("default"), set("nobody")}},
	{Group: groupAccess, Name: "namespace of a subject", Kinds: bindings, At: "subjects * namespace", Do: []Change{set("kube-system")}},
	{Group: groupAccess, Name: "roleRef", Kinds: bindings, At: "roleRef", Do: []Change{
		clusterRole("cluster-admin"), clusterRole("admin"), clusterRole("edit"), clusterRole("view"), clusterRole("system:auth-delegator"),
	}},
	{Group: groupAccess, Name: "name of the role", Kinds: bindings, At: "roleRef name", Do: []Change{set("nobody"), anotherRole}},
	{Group: groupAccess, Name: "kind of the binding: to the whole cluster", Kinds: []string{"RoleBinding"}, Resource: widened("RoleBinding", "ClusterRoleBinding")},
	{Group: groupAccess, Name: "kind of the role: to the whole cluster", Kinds: []string{"Role"}, Resource: widened("Role", "ClusterRole")},
	{Group: groupAccess, Name: "the role", Kinds: roles},
	{Group: groupAccess, Name: "the binding", Kinds: bindings},
}

// present leaves out what is not there: a list of names would narrow the role.
func present(s Site) bool { return !s.Old.IsNull() }

func grant(group, of, verb string) map[string]any {
	return map[string]any{"apiGroups": []any{group}, "resources": []any{of}, "verbs": []any{verb}}
}

func group(name string) map[string]any {
	return map[string]any{"kind": "Group", "name": name, "apiGroup": "rbac.authorization.k8s.io"}
}

func clusterRole(name string) Change {
	to := set(map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name})
	return Change{"to " + name, to.To}
}

// anotherSubject binds one more account of the stack: that of a workload which
// nothing lets ask the API.
var anotherSubject = Change{"with another account", func(s Site) (resource.PropertyValue, bool) {
	for _, o := range s.Stack.objects {
		if o.Kind == "ServiceAccount" && o.At("automountServiceAccountToken").False() {
			one := map[string]any{"kind": "ServiceAccount", "name": o.Name(), "namespace": o.Namespace()}
			return appended("", one).To(s)
		}
	}
	return gone, false
}}

// anotherRole is another of the stack's.
var anotherRole = Change{"to another of the stack", func(s Site) (resource.PropertyValue, bool) {
	ref := s.Object.At("roleRef")
	for _, o := range s.Stack.objects {
		if o.Kind == ref.At("kind").Text() && o.Name() != ref.At("name").Text() {
			return resource.NewStringProperty(o.Name()), true
		}
	}
	return gone, false
}}

// widened makes an object of a namespace one of the cluster.
func widened(from, to string) func(*Stack, *pack.Resource) bool {
	return func(_ *Stack, r *pack.Resource) bool {
		whole := resource.NewObjectProperty(r.Properties)
		whole = path{"kind"}.put(whole, resource.NewStringProperty(to))
		whole = path{"metadata", "namespace"}.put(whole, gone)
		r.Type = typeOf(r.Type, from, to)
		r.Properties = whole.ObjectValue()
		return true
	}
}

// granting leaves out changes of a role that give it nothing: what another of
// its rules grants already.
func granting(changes ...Change) []Change {
	for i, change := range changes {
		changes[i].To = func(s Site) (resource.PropertyValue, bool) {
			value, changed := change.To(s)
			if !changed {
				return value, false
			}
			before, after := grants(s.whole()), grants(s.Path.put(s.whole(), value))
			for one := range after {
				unbounded := one[:strings.LastIndex(one, " ")] + " 0"
				if !before[one] && !before[unbounded] {
					return value, true
				}
			}
			return value, false
		}
	}
	return changes
}

// grants are what a role allows, each as one verb on one resource; those that
// are bounded by names say so.
func grants(role resource.PropertyValue) map[string]bool {
	all := map[string]bool{}
	for _, rule := range items(path{"rules"}.in(role)) {
		names := len(items(path{"resourceNames"}.in(rule)))
		for _, group := range items(path{"apiGroups"}.in(rule)) {
			for _, of := range items(path{"resources"}.in(rule)) {
				for _, verb := range items(path{"verbs"}.in(rule)) {
					all[fmt.Sprint(group.V, "/", of.V, " ", verb.V, " ", names)] = true
				}
			}
		}
		for _, address := range items(path{"nonResourceURLs"}.in(rule)) {
			all[fmt.Sprint(address.V, " 0")] = true
		}
	}
	return all
}

// items are those of a list; none of anything else.
func items(list resource.PropertyValue) []resource.PropertyValue {
	if !list.IsArray() {
		return nil
	}
	return list.ArrayValue()
}
