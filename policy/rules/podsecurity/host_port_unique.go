package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPortUnique = pack.Rule{
	Name: "host-port-is-unique", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "of two pods that want one port of a node, one stays pending",
	Remedy:    "give one of them another port, or node selectors that no node satisfies both of",
	Reference: "https://kubernetes.io/docs/concepts/configuration/overview/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		var taken []hostClaim
		pack.OfPods(func(_ *pack.Stack, pod pack.Pod, r *pack.Report) {
			pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
				for _, claim := range hostClaims(c) {
					for _, other := range taken {
						if claim.collides(other) {
							r.Violated(c, claim.at, "is port %d of the node, which %s takes too", claim.port, other.by.Pod.Owner)
						}
					}
					taken = append(taken, claim)
				}
			})
		})(s, r)
	},
}

// hostClaim is a port that a container takes on its node.
type hostClaim struct {
	by           pack.Container
	at           pack.Value
	port         int
	protocol, ip string
	nodes        map[string]string
}

// hostClaims are those of a container. On its node's network every port of it
// is the node's.
func hostClaims(c pack.Container) []hostClaim {
	var claims []hostClaim
	for _, port := range c.At("ports").Items() {
		number := port.At("hostPort")
		if number.Int() == 0 && c.Pod.Spec.At("hostNetwork").True() {
			number = port.At("containerPort")
		}
		if number.Int() != 0 {
			claims = append(claims, hostClaim{
				c, number, number.Int(), port.Protocol(), port.At("hostIP").Text(), c.Pod.Spec.At("nodeSelector").TextMap(),
			})
		}
	}
	return claims
}

// collides tells whether two pods want the same of a node that both may run on.
func (h hostClaim) collides(other hostClaim) bool {
	everywhere := func(ip string) bool { return ip == "" || ip == "0.0.0.0" || ip == "::" }
	for label, value := range h.nodes {
		if theirs, both := other.nodes[label]; both && theirs != value {
			return false
		}
	}
	return h.by.Pod.Owner.URN != other.by.Pod.Owner.URN && h.port == other.port && h.protocol == other.protocol &&
		(h.ip == other.ip || everywhere(h.ip) || everywhere(other.ip))
}
