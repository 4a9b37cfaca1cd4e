package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestPoolAnnounced(t *testing.T) {
	const at = "IPAddressPool/pool: spec.addresses"
	with := func(spec string) string { return of(pool, but(advertisement, "{ipAddressPools: [pool]}", spec)) }
	packtest.Run(t, poolAnnounced, map[string]packtest.Case{
		"announced":         {Objects: of(pool, advertisement)},
		"by BGP":            {Objects: of(pool, but(advertisement, "L2Advertisement", "BGPAdvertisement"))},
		"absent":            {Objects: pool, Want: []string{at}},
		"another pool":      {Objects: with("{ipAddressPools: [other]}"), Want: []string{at}},
		"all pools":         {Objects: with("{}")},
		"another namespace": {Objects: of(pool, but(advertisement, "namespace: m", "namespace: o")), Want: []string{at}},
		"by label":          {Objects: with("{ipAddressPoolSelectors: [{matchLabels: {x: a}}]}")},
		"by another label":  {Objects: with("{ipAddressPoolSelectors: [{matchLabels: {x: b}}]}"), Want: []string{at}},
		"wrong type":        {Objects: with("{ipAddressPools: pool}"), Want: []string{"IPAddressPool/pool: spec.ipAddressPools"}},
		"not known":         {Objects: with("{ipAddressPools: <unknown>}"), Undecided: []string{"IPAddressPool/pool: spec.ipAddressPools"}},
	})
}
