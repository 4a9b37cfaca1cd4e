package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostMemory = pack.Rule{
	Name: "pod-keeps-off-host-memory", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a pod with the memory that the processes of the node share reads and changes what they say to each other",
	Remedy:    "leave out hostIPC",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("hostIPC"); setting.True() {
			r.Violated(pod, setting, "shares it with the node")
		}
	},
}
