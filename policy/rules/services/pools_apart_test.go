package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestPoolsApart(t *testing.T) {
	const at = "IPAddressPool/pool: spec.addresses"
	with := func(addresses string) string { return but(pool, "[10.0.0.1-10.0.0.9, 10.1.0.0/30]", addresses) }
	other := but(with("[10.0.0.9/32]"), "name: pool", "name: other")
	packtest.Run(t, poolsApart, map[string]packtest.Case{
		"apart":         {Objects: of(with("[10.0.0.1-10.0.0.8]"), other)},
		"overlapping":   {Objects: of(pool, other), Want: []string{"IPAddressPool/other: spec.addresses[0]"}},
		"within itself": {Objects: with("[10.0.0.1-10.0.0.9, 10.0.0.0/24]"), Want: []string{at + "[1]"}},
		"backwards":     {Objects: with("[10.0.0.9-10.0.0.1]"), Want: []string{at + "[0]"}},
		"absent":        {Objects: with("null"), Want: []string{at}},
		"empty":         {Objects: with("[]"), Want: []string{at}},
		"wrong type":    {Objects: with("[10]"), Want: []string{at + "[0]"}},
		"not known":     {Objects: of(with("[<unknown>, 10.0.0.9-10.0.0.9]"), other), Undecided: []string{at + "[0]"}, Want: []string{"IPAddressPool/other: spec.addresses[0]"}},
		"no pool":       {Objects: service},
	})
}
