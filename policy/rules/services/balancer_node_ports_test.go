package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestBalancerNodePorts(t *testing.T) {
	const at = "Service/lb: spec.allocateLoadBalancerNodePorts"
	with := func(value string) string {
		return but(balancer, "allocateLoadBalancerNodePorts: false", "allocateLoadBalancerNodePorts: "+value)
	}
	packtest.Run(t, balancerNodePorts, map[string]packtest.Case{
		"off":        {Objects: balancer},
		"on":         {Objects: with("true"), Want: []string{at}},
		"absent":     {Objects: with("null"), Want: []string{at}},
		"chosen":     {Objects: but(balancer, "port: 443", "port: 443, nodePort: 30443"), Want: []string{"Service/lb: spec.ports[1].nodePort"}},
		"wrong type": {Objects: with("'false'"), Want: []string{at}},
		"not known":  {Objects: with("<unknown>"), Undecided: []string{at}},
		"inside":     {Objects: service},
	})
}
