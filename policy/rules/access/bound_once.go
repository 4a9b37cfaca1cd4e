package access

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var boundOnce = pack.Rule{
	Name: "role-is-bound-once", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a role that a second account gets gives that one what the first needs, and a role that nobody has is one that waits",
	Remedy:    "bind each role of the stack to the one account that it was written for",
	Reference: goodPractices + "#least-privilege",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(roleKinds...), func(role pack.Object) {
			subjects := 0
			for _, binding := range s.Kinds(bindingKinds...) {
				ref := binding.At("roleRef")
				if ref.At("kind").Is(role.Kind) && role.Called(ref.At("name").Text()) && (role.Kind == "ClusterRole" || role.Beside(binding)) {
					subjects += len(binding.At("subjects").Items())
				}
			}
			if subjects != 1 {
				r.Violated(role, pack.Value{}, "is bound to %d accounts", subjects)
			}
		})
	},
}
