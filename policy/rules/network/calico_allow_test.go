package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestCalicoAllow(t *testing.T) {
	const at = "GlobalNetworkPolicy/a: spec.ingress[0].destination.ports"
	packtest.Run(t, calicoAllow, map[string]packtest.Case{
		"ports":      {Objects: calico("a", "ingress: [{action: Allow, destination: {ports: [22]}}]")},
		"peers":      {Objects: calico("a", "ingress: [{action: Allow, source: {nets: [10.0.0.0/8]}}]")},
		"denied":     {Objects: calico("a", "ingress: [{action: Deny}]")},
		"all":        {Objects: calico("a", "ingress: [{action: Allow}]"), Want: []string{at}},
		"near miss":  {Objects: calico("a", "ingress: [{action: Allow, protocol: TCP, source: {}, destination: {ports: []}}]"), Want: []string{at}},
		"nothing":    {Objects: calico("a", "egress: [{action: Allow}]")},
		"wrong type": {Objects: calico("a", "ingress: [{action: Allow, destination: {ports: 22}}]"), Want: []string{at}},
		"not known": {
			Objects: calico("a", "ingress: [{action: Allow, destination: <unknown>}, {action: Allow}]"), Undecided: []string{"GlobalNetworkPolicy/a: spec.ingress[0].destination"},
			Want: []string{"GlobalNetworkPolicy/a: spec.ingress[1].destination.ports"},
		},
	})
}
