package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var poolSmall = pack.Rule{
	Name: "pool-is-small-and-private", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "MetalLB answers for every address of a pool: a wide one takes those of routers and of other machines",
	Remedy:     "list private addresses that nobody else has, no more than the rule's parameter",
	Reference:  "https://metallb.io/configuration/",
	Kinds:      []string{"IPAddressPool"},
	Parameters: map[string]any{"most": 64.0},
	Object: func(o pack.Object, r *pack.Report) {
		most := int(pack.Parameter[float64](r, "most"))
		pack.Each(r, o, o.At("spec", "addresses").Items(), func(listed pack.Value) {
			b, ok := blockOf(listed.Text())
			switch {
			case !ok:
				r.Violated(o, listed, "is no range of addresses")
			case !b.first.IsPrivate() || !b.last.IsPrivate():
				r.Violated(o, listed, "is not private")
			case !b.within(most):
				r.Violated(o, listed, "has more than %d addresses", most)
			}
		})
	},
}

// within tells whether a block has no more than so many addresses.
func (b block) within(most int) bool {
	last := b.first
	for range most {
		if last == b.last {
			return true
		}
		last = last.Next()
	}
	return false
}
