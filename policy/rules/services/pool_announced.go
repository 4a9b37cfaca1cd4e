package services

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

var poolAnnounced = pack.Rule{
	Name: "address-pool-is-announced", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a Service gets an address of a pool that no node announces, and nobody reaches it",
	Remedy:    "add an L2Advertisement or BGPAdvertisement in the pool's namespace that names the pool, or none",
	Reference: "https://metallb.io/configuration/#announce-the-service-ips",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, pools(s), func(pool pack.Object) {
			if !pack.Some(s.Kinds("L2Advertisement", "BGPAdvertisement"), func(o pack.Object) bool { return announces(o, pool) }) {
				r.Violated(pool, pool.At("spec", "addresses"), "is announced by no L2Advertisement or BGPAdvertisement")
			}
		})
	},
}

// announces tells whether an advertisement is for a pool: one that names no
// pool is for all.
func announces(o, pool pack.Object) bool {
	if !o.Beside(pool) {
		return false
	}
	names, selectors := o.At("spec", "ipAddressPools").Texts(), o.At("spec", "ipAddressPoolSelectors").Items()
	if len(names)+len(selectors) == 0 {
		return true
	}
	return slices.ContainsFunc(names, pool.Called) || pack.Some(selectors, func(selector pack.Value) bool {
		return selector.Selector().Matches(labels.Set(pool.Labels()))
	})
}
