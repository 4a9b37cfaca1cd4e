package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestBalancerAddress(t *testing.T) {
	const at = "Service/lb: metadata.annotations.metallb.io/loadBalancerIPs"
	const key = "metallb.io/loadBalancerIPs: 10.0.0.5"
	with := func(address string) string { return of(but(balancer, key, address), pool) }
	packtest.Run(t, balancerAddress, map[string]packtest.Case{
		"of a range":     {Objects: of(balancer, pool)},
		"of a network":   {Objects: with("metallb.io/loadBalancerIPs: 10.1.0.3")},
		"the last":       {Objects: with("metallb.io/loadBalancerIPs: 10.0.0.9")},
		"beyond":         {Objects: with("metallb.io/loadBalancerIPs: 10.0.0.10"), Want: []string{at}},
		"one of two":     {Objects: with(`metallb.io/loadBalancerIPs: "10.0.0.5, 10.0.0.10"`), Want: []string{at}},
		"no pool":        {Objects: balancer, Want: []string{at}},
		"absent":         {Objects: with(""), Want: []string{at}},
		"no address":     {Objects: with("metallb.io/loadBalancerIPs: any"), Want: []string{at}},
		"the former key": {Objects: with("metallb.universe.tf/loadBalancerIPs: 10.0.0.10"), Want: []string{"Service/lb: metadata.annotations.metallb.universe.tf/loadBalancerIPs"}},
		"the old field":  {Objects: of(but(balancer, "{"+key+"}", "{}", "type: LoadBalancer", "type: LoadBalancer\n  loadBalancerIP: 10.0.0.5"), pool)},
		"inside":         {Objects: service},
		"wrong type":     {Objects: with("metallb.io/loadBalancerIPs: 10"), Want: []string{at}},
		"not known":      {Objects: with("metallb.io/loadBalancerIPs: <unknown>"), Undecided: []string{at}},
		"pool unknown":   {Objects: of(balancer, but(pool, "10.0.0.1-10.0.0.9", "<unknown>")), Undecided: []string{"Service/lb: spec.addresses[0]"}},
	})
}
