package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	corev1 "k8s.io/api/core/v1"

	"platform/policy/pack"
)

var peersNamed = pack.Rule{
	Name: "policy-names-its-peers", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a peer of all pods or of all namespaces is also each one that comes tomorrow, whoever makes it",
	Remedy:    "name the pods by their labels, and those of another namespace by its kubernetes.io/metadata.name as well",
	Reference: policiesPage,
	Kinds:     []string{"NetworkPolicy"},
	Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
		for _, side := range []string{"from", "to"} {
			pack.Each(r, o, rule.At(side).Items(), func(peer pack.Value) {
				if peer.At("ipBlock").Set() {
					return
				}
				if pods := peer.At("podSelector"); selector(pods).Empty() {
					r.Violated(o, pods, "means every pod")
				}
				namespaces := peer.At("namespaceSelector")
				if namespaces.Set() && namespaces.At("matchLabels", corev1.LabelMetadataName).Text() == "" {
					r.Violated(o, namespaces, "names no namespace")
				}
			})
		}
	}),
}
