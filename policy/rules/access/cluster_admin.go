package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var clusterAdmin = pack.Rule{
	Name: "no-cluster-admin", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "whoever takes over one pod of such an account has the cluster",
	Remedy:    "bind a role with the few verbs and resources that are used",
	Reference: goodPractices,
	Kinds:     bindingKinds,
	Object: func(o pack.Object, r *pack.Report) {
		if role := o.At("roleRef", "name"); o.At("roleRef", "kind").Is("ClusterRole") && slices.Contains(r.List("roles"), role.Text()) {
			r.Violated(o, role, "is %s", role.Text())
		}
	},
	Parameters: map[string]any{"roles": []any{"cluster-admin"}},
}
