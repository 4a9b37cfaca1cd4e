package access

import "platform/policy/packtest"

// role is a ClusterRole with rules.
func role(rules string) string {
	return "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: [" + rules + "]}"
}

// binding is a RoleBinding in the namespace core.
func binding(ref, subjects string) string {
	return packtest.InCore("rbac.authorization.k8s.io/v1", "RoleBinding", "a", "roleRef: {"+ref+"}, subjects: ["+subjects+"]")
}

// account is a ServiceAccount in the namespace core.
func account(name string) string { return packtest.InCore("v1", "ServiceAccount", name, "") }

// documents joins YAML documents.
var documents = packtest.Join
