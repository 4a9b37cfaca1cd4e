package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestMetadataAddress(t *testing.T) {
	const at = "NetworkPolicy/a: spec.egress[0].to[0].ipBlock"
	to := func(block string) string { return policy("a", "egress: [{to: [{ipBlock: {"+block+"}}]}]") }
	packtest.Run(t, metadataAddress, map[string]packtest.Case{
		"elsewhere":       {Objects: to("cidr: 10.0.0.0/8")},
		"but for it":      {Objects: to("cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16]")},
		"the node's DNS":  {Objects: to("cidr: 169.254.20.10/32")},
		"the world":       {Objects: to("cidr: 0.0.0.0/0, except: [10.0.0.0/8]"), Want: []string{at}},
		"near miss":       {Objects: to("cidr: 0.0.0.0/0, except: [169.254.170.0/24]"), Want: []string{at}},
		"itself":          {Objects: to("cidr: 169.254.169.254/32"), Want: []string{at}},
		"IPv6":            {Objects: to("cidr: '::/0'"), Want: []string{at}},
		"pods":            {Objects: policy("a", "egress: [{to: [{podSelector: {}}]}]")},
		"no peers":        {Objects: policy("a", "egress: [{}]"), Want: []string{"NetworkPolicy/a: spec.egress[0].to", "NetworkPolicy/a: spec.egress[0].to"}},
		"no way out":      {Objects: policy("a", "ingress: [{}]")},
		"wrong type":      {Objects: to("cidr: 1"), Want: []string{at + ".cidr"}},
		"not known":       {Objects: to("cidr: 0.0.0.0/0, except: [<unknown>]"), Undecided: []string{at + ".except[0]"}},
		"another address": {Objects: to("cidr: 100.100.100.0/24"), Parameters: map[string]any{"addresses": []any{"100.100.100.200"}}, Want: []string{at}},
	})
}
