package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var folderTakesOnePod = pack.Rule{
	Name: "folder-of-the-node-has-one-writer", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the successor starts beside its predecessor, and both write the same files of the node",
	Remedy:    "set strategy.type to Recreate",
	Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy",
	Kinds:     []string{"Deployment"},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		mounts := pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool { return volume.At("hostPath").Set() })
		if at := o.At("spec", "strategy", "type"); mounts && !at.Is("Recreate") {
			r.Violated(o, at, "is not Recreate, and the pod writes into a folder of its node")
		}
	},
}
