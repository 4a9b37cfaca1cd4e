package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ingressDenied = pack.Rule{
	Name: "namespace-denies-ingress-by-default", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a pod that no policy selects is reached by every pod of the cluster",
	Remedy:    "add a NetworkPolicy with an empty podSelector and the policy type Ingress",
	Reference: nsaGuide,
	Stack:     denies("Ingress"),
}

// denies judges each namespace of the stack: one of its policies is about all
// pods, those of tomorrow too. What the policy then lets through is for the
// rules on open policies to judge.
func denies(direction string) func(s *pack.Stack, r *pack.Report) {
	return func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
			name := namespace.At("metadata", "name").Text()
			if !pack.Some(policies(s), func(policy pack.Object) bool {
				return policy.At("metadata", "namespace").Is(name) && policy.PodSelector().Empty() && restricts(policy, direction)
			}) {
				r.Violated(namespace, pack.Value{}, "has no policy for all its pods that restricts %s", direction)
			}
		})
	}
}
