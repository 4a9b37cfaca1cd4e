package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostNetwork = pack.Rule{
	Name: "pod-keeps-off-host-network", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "no NetworkPolicy holds for a pod on its node's network, which reaches what listens on the node alone",
	Remedy:    "leave out hostNetwork, and put a Service in front of the pod",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("hostNetwork"); setting.True() {
			r.Violated(pod, setting, "is on its node's network")
		}
	},
}
