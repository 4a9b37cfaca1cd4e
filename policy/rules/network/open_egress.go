package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var openEgress = pack.Rule{
	Name: "policy-lets-out-to-the-world-by-port-only", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a rule without peers, or with all addresses, lets whoever takes over a pod send what it finds anywhere",
	Remedy:    "name the peers, or where clients are anywhere the few ports that are needed",
	Reference: nsaGuide,
	Kinds:     []string{"NetworkPolicy"},
	Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("spec", "egress").Items(), func(rule pack.Value) {
			if peer, all := open(rule.At("to")); all {
				if port, wrong := unlisted(rule, r.List("ports")); wrong {
					r.Violated(o, port, "leads everywhere, by %s", peer.Path())
				}
			}
		})
	}),
	Parameters: map[string]any{"ports": []any{"443"}},
}
