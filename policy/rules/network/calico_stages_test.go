package network

import (
	"testing"

	"platform/policy/packtest"
)

func TestCalicoStages(t *testing.T) {
	const spec = "GlobalNetworkPolicy/a: spec."
	packtest.Run(t, calicoStages, map[string]packtest.Case{
		"whole":         {Objects: calico("a", "preDNAT: true, applyOnForward: true, types: [Ingress]")},
		"untracked":     {Objects: calico("a", "doNotTrack: true, applyOnForward: true, egress: [{action: Allow}]")},
		"neither":       {Objects: calico("a", "egress: [{action: Allow}]")},
		"absent":        {Objects: calico("a", "preDNAT: true"), Want: []string{spec + "applyOnForward"}},
		"untracked too": {Objects: calico("a", "doNotTrack: true, applyOnForward: false"), Want: []string{spec + "applyOnForward"}},
		"outwards":      {Objects: calico("a", "preDNAT: true, applyOnForward: true, types: [Ingress, Egress]"), Want: []string{spec + "egress"}},
		"near miss":     {Objects: calico("a", "preDNAT: true, applyOnForward: true, egress: [{action: Allow}]"), Want: []string{spec + "egress"}},
		"both":          {Objects: calico("a", "preDNAT: true, doNotTrack: true, applyOnForward: true"), Want: []string{spec + "preDNAT"}},
		"wrong type":    {Objects: calico("a", "preDNAT: true, applyOnForward: 'true'"), Want: []string{spec + "applyOnForward"}},
		"not known":     {Objects: calico("a", "preDNAT: <unknown>"), Undecided: []string{spec + "preDNAT"}},
	})
}
