package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var policyForAll = pack.Rule{
	Name: "policy-for-all-pods-opens-dns-only", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "what a policy for all pods opens is open for each pod that comes, whoever makes it",
	Remedy:     "select the pods by their labels, and leave to the policy for all what all need: DNS",
	Reference:  policiesPage,
	Kinds:      []string{"NetworkPolicy"},
	Parameters: map[string]any{"ports": []any{"53"}},
	Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
		if !o.PodSelector().Empty() {
			return
		}
		if port, other := unlisted(rule, r.List("ports")); other {
			r.Violated(o, port, "is open for every pod of the namespace")
		}
	}),
}
