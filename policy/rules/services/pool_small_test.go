package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestPoolSmall(t *testing.T) {
	const at = "IPAddressPool/pool: spec.addresses[0]"
	with := func(addresses string) string { return but(pool, "10.0.0.1-10.0.0.9, 10.1.0.0/30", addresses) }
	packtest.Run(t, poolSmall, map[string]packtest.Case{
		"small":      {Objects: pool},
		"just":       {Objects: with("10.0.0.1-10.0.0.64")},
		"one more":   {Objects: with("10.0.0.1-10.0.0.65"), Want: []string{at}},
		"a network":  {Objects: with("10.0.0.0/25"), Want: []string{at}},
		"everywhere": {Objects: with("0.0.0.0/0"), Want: []string{at}},
		"public":     {Objects: with("192.0.2.0/30"), Want: []string{at}},
		"no range":   {Objects: with("10.0.0.1"), Want: []string{at}},
		"absent":     {Objects: but(pool, "addresses: [10.0.0.1-10.0.0.9, 10.1.0.0/30]", "autoAssign: true")},
		"wrong type": {Objects: with("1"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
	})
}
