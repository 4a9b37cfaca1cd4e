package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestCalicoHosts(t *testing.T) {
	const allow = "{action: Allow, protocol: TCP, destination: {ports: [22, '6000:7000', 10250]}}"
	const deny = "{action: Deny}"
	const first = "GlobalNetworkPolicy/a: spec.ingress[0]"
	end := "GlobalNetworkPolicy/a: spec.ingress"
	all := []string{first, first, first}
	packtest.Run(t, calicoHosts, map[string]packtest.Case{
		"allowed":             {Objects: calico("a", "order: 10, ingress: ["+allow+"]")},
		"allowed, then all":   {Objects: calico("a", "order: 10, ingress: ["+allow+", "+deny+"]")},
		"allowed before":      {Objects: documents(calico("a", "order: 20, ingress: ["+deny+"]"), calico("b", "order: 10, ingress: ["+allow+"]"))},
		"allowed earlier":     {Objects: documents(calico("a", "order: 1, ingress: ["+deny+"]"), calico("b", "order: 10, preDNAT: true, ingress: ["+allow+"]"))},
		"early and unmatched": {Objects: calico("a", "order: 10, preDNAT: true, ingress: [{action: Allow, destination: {ports: [80]}}]")},
		"noted, then denied":  {Objects: calico("a", "order: 10, ingress: [{action: Log}, {action: Deny}]"), Want: []string{end + "[1]", end + "[1]", end + "[1]"}},
		"both ways":           {Objects: calico("a", "order: 10, ingress: ["+deny+"], egress: ["+deny+"]"), Want: all},
		"no range":            {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: ['x:65535', '1:x']}}]"), Want: []string{end, end, end}},
		"passed on":           {Objects: calico("a", "order: 10, ingress: [{action: Log}, {action: Pass}]")},
		"denied":              {Objects: calico("a", "order: 10, ingress: ["+deny+", "+allow+"]"), Want: all},
		"denied before": {
			Objects: documents(calico("b", "order: 20, ingress: ["+allow+"]"), calico("a", "order: 10, ingress: ["+deny+"]")), Want: all,
		},
		"denied early": {Objects: documents(calico("a", "order: 20, preDNAT: true, ingress: ["+deny+"]"), calico("b", "order: 1, ingress: ["+allow+"]")), Want: all},
		"denied first of all": {
			Objects: documents(calico("a", "order: 20, doNotTrack: true, ingress: ["+deny+"]"), calico("b", "order: 1, preDNAT: true, ingress: ["+allow+"]")), Want: all,
		},
		"one of them":      {Objects: calico("a", "order: 10, ingress: [{action: Deny, destination: {ports: [6443]}}, "+allow+"]"), Want: []string{first}},
		"but for one":      {Objects: calico("a", "order: 10, ingress: [{action: Deny, destination: {notPorts: [22, 10250]}}, "+allow+"]"), Want: []string{first}},
		"for some":         {Objects: calico("a", "order: 10, ingress: [{action: Deny, source: {nets: [203.0.113.0/24]}}, "+allow+"]")},
		"of UDP":           {Objects: calico("a", "order: 10, ingress: [{action: Deny, protocol: UDP}, "+allow+"]")},
		"by number":        {Objects: calico("a", "order: 10, ingress: [{action: Deny, protocol: 17}, {action: Allow, protocol: 6}]")},
		"by default":       {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: [22, 6443]}}]"), Want: []string{end}},
		"near miss":        {Objects: calico("a", "order: 10, ingress: [{action: Allow, destination: {ports: ['1:6442', '6444:65535', 6443]}}]")},
		"of pods":          {Objects: calico("a", "order: 10, namespaceSelector: all(), ingress: ["+deny+"]")},
		"of pods' label":   {Objects: calico("a", "order: 10, selector: has(projectcalico.org/namespace), ingress: ["+deny+"]")},
		"of no namespace":  {Objects: calico("a", "order: 10, namespaceSelector: global(), ingress: ["+deny+"]"), Want: all},
		"outwards":         {Objects: calico("a", "order: 10, egress: ["+deny+"]")},
		"outwards by type": {Objects: calico("a", "order: 10, types: [Egress], ingress: ["+deny+"]")},
		"absent":           {Objects: calico("a", "order: 10"), Want: []string{end, end, end}},
		"without an order": {Objects: documents(calico("a", "ingress: ["+deny+"]"), calico("b", "order: 99, ingress: ["+allow+"]"))},
		"wrong type":       {Objects: calico("a", "order: 10, ingress: 1, types: [Ingress]"), Want: []string{"spec.ingress"}},
		"not known":        {Objects: calico("a", "order: <unknown>, ingress: ["+deny+"]"), Want: all},
		"one of two not known": {
			Objects: documents(calico("a", "order: <unknown>, ingress: ["+deny+"]"), calico("b", "order: 1, ingress: ["+allow+"]")), Undecided: []string{"spec.order"},
		},
		"nothing": {Objects: policy("a", "podSelector: {}")},
		"ports of others": {
			Objects: calico("a", "order: 10, ingress: ["+allow+"]"), Parameters: map[string]any{"ports": []any{"9345"}}, Want: []string{end},
		},
	})
}
