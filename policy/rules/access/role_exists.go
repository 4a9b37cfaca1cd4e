package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var roleExists = pack.Rule{
	Name: "binding-role-exists", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a binding to a role that is not there grants nothing until somebody makes one of that name, and then whatever they like",
	Remedy:    "name a role of the stack in roleRef",
	Reference: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(bindingKinds...), func(binding pack.Object) {
			ref, namespace := binding.At("roleRef"), ""
			kind, name := ref.At("kind").Text(), ref.At("name").Text()
			if kind == "Role" {
				namespace = binding.At("metadata", "namespace").Text()
			} else if slices.Contains(r.List("provided"), name) {
				return
			}
			if !made(s, kind, namespace, name) {
				r.Violated(binding, ref, "is no role of the stack")
			}
		})
	},
	// ClusterRoles that every cluster has. Each of them is more than a program of
	// the platform needs, so none is listed.
	Parameters: map[string]any{"provided": []any{}},
}
