package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var policySelects = pack.Rule{
	Name: "policy-selects-pods", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a policy whose selector has a slip protects nobody, and nothing says so",
	Remedy:    "make podSelector the labels of the pods that the policy is meant for; it does nothing for those with hostNetwork",
	Reference: policiesPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, policies(s), func(policy pack.Object) {
			if policy.PodSelector().Empty() { // whoever comes
				return
			}
			if !pack.Some(s.Kinds(pack.PodKinds...), func(workload pack.Object) bool { return covers(policy, workload) }) {
				r.Violated(policy, policy.At("spec", "podSelector"), "selects no pod of the stack")
			}
		})
	},
}
