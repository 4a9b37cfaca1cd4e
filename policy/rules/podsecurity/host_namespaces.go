package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostNamespaces = pack.Rule{
	Name: "pod-keeps-off-host-processes", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a pod among the node's processes sees their environment, and signals or traces them",
	Remedy:    "leave out hostPID",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("hostPID"); setting.True() {
			r.Violated(pod, setting, "shares it with the node")
		}
	},
}
