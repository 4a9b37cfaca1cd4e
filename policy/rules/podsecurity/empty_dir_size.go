package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var emptyDirSize = pack.Rule{
	Name: "empty-dir-has-size-limit", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a folder without a limit fills the node's disk or memory, and the kubelet evicts other pods for it",
	Remedy:    "set sizeLimit of the emptyDir to the most that the container writes there",
	Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			folder := volume.At("emptyDir")
			if !folder.Set() && len(sources(volume)) > 0 {
				return
			}
			limit := folder.At("sizeLimit")
			if size := limit.Quantity(); size.Sign() <= 0 {
				r.Violated(pod, limit, "may grow as large as the node")
			}
		})
	},
}

// sources are the types that a volume names: one, or none, which the API
// server takes for an emptyDir.
func sources(volume pack.Value) []string {
	var types []string
	for _, key := range volume.Keys() {
		if key != "name" && volume.At(key).Set() {
			types = append(types, key)
		}
	}
	return types
}
