package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	corev1 "k8s.io/api/core/v1"

	"platform/policy/pack"
)

var peersExist = pack.Rule{
	Name: "policy-peers-exist", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a peer whose selector has a slip lets nobody through, and the connection times out without a word",
	Remedy:    "make the peer's podSelector the labels of pods of the stack, or remove the peer",
	Reference: policiesPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, policies(s), func(policy pack.Object) {
			pack.Each(r, policy, peers(policy), func(peer pack.Value) {
				namespace, ours := home(s, policy, peer)
				pods := selector(peer.At("podSelector"))
				if !ours || pods.Empty() { // all of them, or addresses
					return
				}
				if !pack.Some(s.Kinds(pack.PodKinds...), func(workload pack.Object) bool {
					return workload.At("metadata", "namespace").Is(namespace) && !onNodeNetwork(workload) && workload.Runs(pods)
				}) {
					r.Violated(policy, peer, "is no pod of the stack")
				}
			})
		})
	},
}

// peers are all that a policy names.
func peers(policy pack.Object) []pack.Value {
	var all []pack.Value
	for _, rule := range policy.At("spec", "ingress").Items() {
		all = append(all, rule.At("from").Items()...)
	}
	for _, rule := range policy.At("spec", "egress").Items() {
		all = append(all, rule.At("to").Items()...)
	}
	return all
}

// home is the namespace of a peer's pods; false where it is none of the
// stack's, of whose pods nothing is known.
func home(s *pack.Stack, policy pack.Object, peer pack.Value) (string, bool) {
	namespaces := peer.At("namespaceSelector")
	if !namespaces.Set() {
		return policy.At("metadata", "namespace").Text(), true
	}
	name := namespaces.At("matchLabels", corev1.LabelMetadataName).Text()
	if name == "" {
		return "", false
	}
	return name, pack.Some(s.Kinds("Namespace"), func(one pack.Object) bool { return one.Called(name) })
}
