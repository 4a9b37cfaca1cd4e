package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

var portsDeclared = pack.Rule{
	Name: "policy-port-is-a-pods-port", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a port that nobody declares is a slip, or waits for a program that nobody knows",
	Remedy:    "open the ports that the containers of the pods declare",
	Reference: policiesPage,
	// Of what other stacks run: DNS and HTTPS.
	Parameters: map[string]any{"foreign": []any{"53", "443"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, policies(s), func(policy pack.Object) {
			pack.Each(r, policy, policy.At("spec", "ingress").Items(), func(rule pack.Value) {
				pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) { declared(s, policy, policy.PodSelector(), port, r) })
			})
			pack.Each(r, policy, policy.At("spec", "egress").Items(), func(rule pack.Value) {
				peers := rule.At("to").Items()
				pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) {
					for _, peer := range peers {
						if !peer.At("namespaceSelector").Set() && !peer.At("ipBlock").Set() {
							declared(s, policy, selector(peer.At("podSelector")), port, r)
						}
					}
				})
			})
			pack.Each(r, policy, policy.At("spec", "egress").Items(), func(rule pack.Value) { foreign(policy, rule, r) })
		})
	},
}

// declared judges whether a pod of the policy's namespace, of those that a
// selector means, declares a port.
func declared(s *pack.Stack, policy pack.Object, meant labels.Selector, port pack.Value, r *pack.Report) {
	at := port.At("port")
	if !at.Set() {
		return
	}
	if !pack.Some(s.Kinds(pack.PodKinds...), func(o pack.Object) bool {
		pod, _ := o.Pod()
		if !policy.Beside(o) || !o.Runs(meant) {
			return false
		}
		_, found := pod.Port(at.Port(), port.Protocol())
		return found
	}) {
		r.Violated(policy, at, "is %s/%s, which no pod there declares", at.Port(), port.Protocol())
	}
}

// foreign judges the ports of peers that another stack runs. What may be reached
// outside of the cluster, reachability-is-as-stated judges by its address, too.
func foreign(policy pack.Object, rule pack.Value, r *pack.Report) {
	if !pack.Some(rule.At("to").Items(), func(peer pack.Value) bool { return peer.At("namespaceSelector").Set() }) {
		return
	}
	pack.Each(r, policy, rule.At("ports").Items(), func(port pack.Value) {
		if at := port.At("port"); at.Set() && !slices.Contains(r.List("foreign"), at.Port()) {
			r.Violated(policy, at, "is %s, which is not listed for what others run", at.Port())
		}
	})
}
