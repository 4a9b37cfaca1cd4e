package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var processNamespace = pack.Rule{
	Name: "pod-shares-no-processes", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "containers that see each other read the environment and the files of each other, secrets included",
	Remedy:    "leave out shareProcessNamespace",
	Reference: "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("shareProcessNamespace"); setting.True() {
			r.Violated(pod, setting, "shows each container the processes of the others")
		}
	},
}
