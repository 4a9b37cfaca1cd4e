package access

import "strings"

// role is a ClusterRole with rules.
func role(rules string) string {
	return "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: [" + rules + "]}"
}

// binding is a RoleBinding in the namespace core.
func binding(ref, subjects string) string {
	return "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a, namespace: core}, roleRef: {" + ref + "}, subjects: [" + subjects + "]}"
}

// account is a ServiceAccount in the namespace core.
func account(name string) string {
	return "{apiVersion: v1, kind: ServiceAccount, metadata: {name: " + name + ", namespace: core}}"
}

func documents(all ...string) string { return strings.Join(all, "\n---\n") }
