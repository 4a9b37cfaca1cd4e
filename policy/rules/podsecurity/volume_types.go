package podsecurity

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var volumeTypes = pack.Rule{
	Name: "pod-has-allowed-volume-types", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "volumes of other types reach the node's or a foreign disk without a claim, its quota and its class",
	Remedy:    "use a PersistentVolumeClaim, or one of the types that the restricted standard lists",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	// hostPath is left to pod-mounts-no-host-path.
	Parameters: map[string]any{"allowed": []any{
		"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "hostPath", "image", "persistentVolumeClaim", "projected", "secret",
	}},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			for _, kind := range sources(volume) {
				if !slices.Contains(r.List("allowed"), kind) {
					r.Violated(pod, volume.At(kind), "is a volume of type %s", kind)
				}
			}
		})
	},
}
