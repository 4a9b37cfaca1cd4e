package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var calicoOrder = pack.Rule{
	Name: "calico-policies-have-an-order-each", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "Calico decides between policies of one order by their names, and takes one without an order last: a new name may turn allow into deny",
	Remedy:    "set spec.order to a number that no other policy of the tier has",
	Reference: calicoPolicyPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		policies := calicoPolicies(s, "GlobalNetworkPolicy", "NetworkPolicy")
		pack.Each(r, nil, policies, func(policy pack.Object) {
			own := policy.At("spec", "order")
			if !own.Set() {
				r.Violated(policy, own, "has no order")
				return
			}
			number := order(policy)
			if number > pack.Parameter[float64](r, "latest") {
				r.Violated(policy, own, "is later than %g, and whatever comes before decides", pack.Parameter[float64](r, "latest"))
			}
			if other, same := pack.First(policies, func(other pack.Object) bool {
				return other.URN != policy.URN && tier(other) == tier(policy) && order(other) == number
			}); same {
				r.Violated(policy, own, "is the order of %s, too", other)
			}
		})
	},
	// The default order of policies that other tools write is 1000.
	Parameters: map[string]any{"latest": 1000.0},
}

// tier is a group of policies that is decided before the next one is asked.
func tier(policy pack.Object) string {
	if name := policy.At("spec", "tier").Text(); name != "" {
		return name
	}
	return "default"
}
