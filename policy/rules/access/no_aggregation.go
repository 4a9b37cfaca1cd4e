package access

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var noAggregation = pack.Rule{
	Name: "role-aggregates-no-others", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the control plane adds the rules of every role that has the label, and each of them is written by somebody else",
	Remedy:    "write the rules into the role",
	Reference: goodPractices + "#least-privilege",
	Kinds:     []string{"ClusterRole"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("aggregationRule"); at.Set() {
			r.Violated(o, at, "takes the rules of other roles")
		}
	},
}
