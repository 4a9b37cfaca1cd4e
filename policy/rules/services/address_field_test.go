package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestAddressField(t *testing.T) {
	packtest.Run(t, addressField, map[string]packtest.Case{
		"annotation": {Objects: balancer},
		"none":       {Objects: service},
		"field":      {Objects: but(balancer, "type: LoadBalancer", "type: LoadBalancer\n  loadBalancerIP: 10.0.0.5"), Want: []string{"Service/lb: spec.loadBalancerIP"}},
		"no type":    {Objects: but(balancer, "type: LoadBalancer", "type: NodePort"), Want: []string{"Service/lb: spec.type"}},
		"absent":     {Objects: but(balancer, "type: LoadBalancer", "sessionAffinity: None"), Want: []string{"Service/lb: spec.type"}},
		"wrong type": {Objects: but(balancer, "type: LoadBalancer", "loadBalancerIP: 1"), Want: []string{"Service/lb: spec.loadBalancerIP"}},
		"not known":  {Objects: but(balancer, "type: LoadBalancer", "type: <unknown>"), Undecided: []string{"Service/lb: spec.type"}},
	})
}
