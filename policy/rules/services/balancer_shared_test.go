package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestBalancerShared(t *testing.T) {
	const at = "Service/two: metadata.annotations.metallb.io/loadBalancerIPs"
	const address = "metallb.io/loadBalancerIPs: 10.0.0.5"
	one := but(balancer, address, address+", metallb.io/allow-shared-ip: x")
	two := but(one, "name: lb", "name: two", "port: 80", "port: 81", "port: 443", "port: 444")
	local := []string{"type: LoadBalancer", "type: LoadBalancer\n  externalTrafficPolicy: Local"}
	packtest.Run(t, balancerShared, map[string]packtest.Case{
		"shared":              {Objects: of(one, two)},
		"no key":              {Objects: of(balancer, but(balancer, "name: lb", "name: two", "port: 80", "port: 81", "port: 443", "port: 444")), Want: []string{at}},
		"absent in one":       {Objects: of(balancer, two), Want: []string{at}},
		"another key":         {Objects: of(one, but(two, "allow-shared-ip: x", "allow-shared-ip: z")), Want: []string{at}},
		"one port":            {Objects: of(one, but(two, "port: 444", "port: 443")), Want: []string{at}},
		"one port, UDP":       {Objects: of(one, but(two, "port: 444", "port: 443, protocol: UDP"))},
		"both local":          {Objects: of(but(one, local...), but(two, local...))},
		"the first local":     {Objects: of(but(one, local...), two), Want: []string{at}},
		"by the former key":   {Objects: of(but(one, "metallb.io/allow", "metallb.universe.tf/allow"), but(two, "metallb.io/allow", "metallb.universe.tf/allow"))},
		"inside":              {Objects: of(but(balancer, "type: LoadBalancer", "type: ClusterIP"), but(balancer, "name: lb", "name: two", "type: LoadBalancer", "type: ClusterIP"))},
		"one local":           {Objects: of(one, but(two, local...)), Want: []string{at}},
		"local, other pods":   {Objects: of(but(one, local...), but(but(two, local...), "app: api", "app: web")), Want: []string{at}},
		"cluster, other pods": {Objects: of(one, but(two, "app: api", "app: web"))},
		"another address":     {Objects: of(one, but(two, "10.0.0.5", "10.0.0.6", "allow-shared-ip: x", "allow-shared-ip: z"))},
		"written otherwise":   {Objects: of(but(one, "10.0.0.5", "'10.0.0.6, 10.0.0.5'"), but(two, "port: 444", "port: 443")), Want: []string{at}},
		"wrong type":          {Objects: of(one, but(two, "allow-shared-ip: x", "allow-shared-ip: 1")), Want: []string{"Service/two: metadata.annotations.metallb.io/allow-shared-ip"}},
		"not known":           {Objects: of(one, but(two, "10.0.0.5", "<unknown>")), Undecided: []string{at}},
		"a type is not known": {Objects: of(but(service, "type: ClusterIP", "type: <unknown>"), one, but(two, "port: 444", "port: 443")), Undecided: []string{"Service/api: spec.type"}, Want: []string{at}},
	})
}
