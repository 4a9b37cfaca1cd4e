package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// hostPorts is for pods on their node's network what podSelected is for others.
// Ports that are not TCP are passed over: [names] reads no rules for them.
var hostPorts = pack.Rule{
	Name: "host-network-ports-have-a-host-policy", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a NetworkPolicy does not see a pod on its node's network; with HostEndpoints its ports are shut, and without a policy on them nobody decides who comes in",
	Remedy:    "name the pod's ports in a GlobalNetworkPolicy of Calico that applies to the nodes",
	Reference: calicoHostsPage,
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if !pod.Spec.At("hostNetwork").True() {
			return
		}
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
				number := port.At("containerPort").Port()
				if port.Protocol() != "TCP" || pack.Some(hostPolicies(s), func(policy pack.Object) bool { return mentions(policy, number) }) {
					return
				}
				r.Violated(c, port, "is the node's port %s, which no policy on the nodes names", number)
			})
		})
	}),
}

// mentions tells whether a policy has a rule for a port, and not for all.
func mentions(policy pack.Object, port string) bool {
	return pack.Some(policy.At("spec", "ingress").Items(), func(rule pack.Value) bool {
		return rule.At("destination", "ports").Set() && names(rule, port)
	})
}
