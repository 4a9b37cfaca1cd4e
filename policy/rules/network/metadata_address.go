package network

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var metadataAddress = pack.Rule{
	Name: "policy-keeps-the-metadata-address-closed", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "clouds hand out the node's credentials at this address to whoever asks from it",
	Remedy:    "list 169.254.0.0/16 in except of the block, or name narrower peers",
	Reference: "https://kubernetes.io/docs/concepts/security/security-checklist/#network-security",
	Kinds:     []string{"NetworkPolicy"},
	Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, r.List("addresses"), func(text string) {
			address := netip.MustParseAddr(text)
			pack.Each(r, o, o.At("spec", "egress").Items(), func(rule pack.Value) {
				peers := rule.At("to")
				if len(peers.Items()) == 0 {
					r.Violated(o, peers, "leads to %s, as everywhere", text)
				}
				pack.Each(r, o, peers.Items(), func(peer pack.Value) {
					if block := peer.At("ipBlock"); block.Set() && includes(block, address) {
						r.Violated(o, block, "leads to %s", text)
					}
				})
			})
		})
	}),
	Parameters: map[string]any{"addresses": []any{"169.254.169.254", "fd00:ec2::254"}},
}
