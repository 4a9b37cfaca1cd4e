package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var poolsApart = pack.Rule{
	Name: "address-pools-do-not-overlap", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "MetalLB refuses its whole configuration when an address is in two pools, or is none",
	Remedy:    "list addresses as FIRST-LAST or as a network, each in one pool",
	Reference: "https://metallb.io/configuration/#defining-the-ips-to-assign-to-the-load-balancer-services",
	Stack: func(s *pack.Stack, r *pack.Report) {
		type listing struct {
			pool   pack.Object
			at     pack.Value
			within block
		}
		var before []listing
		pack.Each(r, nil, pools(s), func(pool pack.Object) {
			at := pool.At("spec", "addresses")
			if len(at.Items()) == 0 {
				r.Violated(pool, at, "lists no address")
			}
			pack.Each(r, pool, at.Items(), func(listed pack.Value) {
				within, ok := blockOf(listed.Text())
				if !ok {
					r.Violated(pool, listed, "is %q, neither FIRST-LAST nor a network", listed.Text())
					return
				}
				for _, other := range before {
					if other.within.overlaps(within) {
						r.Violated(pool, listed, "overlaps %s of %s", other.at.Text(), other.pool)
					}
				}
				before = append(before, listing{pool, listed, within})
			})
		})
	},
}
