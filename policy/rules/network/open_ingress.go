package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var openIngress = pack.Rule{
	Name: "policy-lets-the-world-in-at-the-edge-only", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a rule without peers, or with all addresses, undoes the default deny for everything that it selects",
	Remedy:    "name the peers by pod and namespace labels or by their networks; for the edge, name its ports",
	Reference: policiesPage,
	Kinds:     []string{"NetworkPolicy"},
	Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("spec", "ingress").Items(), func(rule pack.Value) {
			if peer, all := open(rule.At("from")); all {
				if port, wrong := unlisted(rule, r.List("ports")); wrong {
					r.Violated(o, port, "is open to everybody, by %s", peer.Path())
				}
			}
		})
	}),
	// Container ports of Edd Cloud's gateway: SSH, HTTP and HTTPS.
	Parameters: map[string]any{"ports": []any{"2222", "8443", "18080"}},
}
