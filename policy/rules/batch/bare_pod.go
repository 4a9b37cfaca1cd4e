package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var barePod = pack.Rule{
	Name: "no-bare-pod", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "nobody makes the pod again when its node is drained or fails",
	Remedy:    "make it a Deployment, a StatefulSet, a DaemonSet or a Job",
	Reference: "https://kubernetes.io/docs/concepts/workloads/pods/#using-pods",
	Kinds:     []string{"Pod"},
	Object: func(o pack.Object, r *pack.Report) {
		r.Violated(o, pack.Value{}, "belongs to no controller")
	},
}
