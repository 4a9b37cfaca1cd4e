package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var podSelected = pack.Rule{
	Name: "pod-is-selected-by-a-policy", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a pod that no policy selects talks to everybody and is reached by everybody",
	Remedy:    "select the pod's labels in a NetworkPolicy of its namespace",
	Reference: nsaGuide,
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if onNodeNetwork(pod.Owner) { // those are for hostPorts to judge
			return
		}
		if !pack.Some(policies(s), func(policy pack.Object) bool { return covers(policy, pod.Owner) }) {
			r.Violated(pod, pod.Metadata.At("labels"), "is selected by no NetworkPolicy")
		}
	}),
}
