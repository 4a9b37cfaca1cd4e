package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var balancerAddress = pack.Rule{
	Name: "load-balancer-address-is-of-a-pool", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "MetalLB gives no address that no pool has, and an unnamed one changes when the Service is made anew, while DNS stays",
	Remedy:    "name an address of an IPAddressPool of this stack in the annotation metallb.io/loadBalancerIPs",
	Reference: "https://metallb.io/usage/#requesting-specific-ips",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
			if !balances(service) {
				return
			}
			at := asked(service)
			wanted, ok := addresses(at.Text())
			if !ok {
				r.Violated(service, at, "is %q and names no address", at.Text())
			}
			for _, address := range wanted {
				if !pack.Some(pools(s), func(pool pack.Object) bool { return poolHolds(pool, address) }) {
					r.Violated(service, at, "is %s, which no IPAddressPool has", address)
				}
			}
		})
	},
}
