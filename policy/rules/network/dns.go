package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var dnsAllowed = pack.Rule{
	Name: "pod-may-ask-dns", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a pod that may not ask the DNS finds no Service, whatever else its policies let out",
	Remedy:    "let the pod out to the cluster's DNS by UDP and TCP, port 53",
	Reference: policiesPage,
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		about := func(policy pack.Object) bool { return restricts(policy, "Egress") && covers(policy, pod.Owner) }
		if !pack.Some(policies(s), about) {
			return
		}
		for _, protocol := range []string{"UDP", "TCP"} {
			if !pack.Some(policies(s), func(policy pack.Object) bool { return about(policy) && asks(policy, protocol, r.List("ports")) }) {
				r.Violated(pod, pod.Metadata.At("labels"), "may not ask the DNS by %s", protocol)
			}
		}
	}),
	Parameters: map[string]any{"ports": []any{"53", "5353", "dns", "dns-tcp"}},
}

// asks tells whether a policy lets pods out to the DNS.
func asks(policy pack.Object, protocol string, ports []string) bool {
	return pack.Some(policy.At("spec", "egress").Items(), func(rule pack.Value) bool {
		return admits(rule, protocol, ports...) && outwards(rule.At("to"))
	})
}

// outwards tells whether peers may be those of the cluster's DNS, which is in
// another namespace or at the node.
func outwards(peers pack.Value) bool {
	return len(peers.Items()) == 0 || pack.Some(peers.Items(), func(peer pack.Value) bool {
		return peer.At("namespaceSelector").Set() || peer.At("ipBlock").Set()
	})
}
