package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var nodeName = pack.Rule{
	Name: "pod-is-placed-by-the-scheduler", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a pod that names its node passes the scheduler, and with it taints, room and what is to stand apart",
	Remedy:    "leave out nodeName; select the node by its labels",
	Reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("nodeName"); setting.Text() != "" {
			r.Violated(pod, setting, "passes the scheduler")
		}
	},
}
