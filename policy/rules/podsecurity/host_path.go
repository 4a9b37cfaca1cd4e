package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPath = pack.Rule{
	Name: "pod-mounts-no-host-path", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a folder of the node outlives the pod, stays behind when it moves, and is open to whoever mounts it next",
	Remedy:    "mount a PersistentVolumeClaim, or an emptyDir for what may be lost",
	Reference: baseline,
	Kinds:     append([]string{persistentVolume}, pack.PodKinds...),
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, volumes(o), func(volume pack.Value) {
			if folder := volume.At("hostPath"); folder.Set() {
				r.Violated(o, folder, "is the node's folder %s", folder.At("path").Text())
			}
		})
	},
}

const persistentVolume = "PersistentVolume"

// volumes are those that an object has or is: a volume of the cluster brings
// the node's folders to pods that name a claim only.
func volumes(o pack.Object) []pack.Value {
	if o.Kind == persistentVolume {
		return []pack.Value{o.At("spec")}
	}
	pod, _ := o.Pod()
	return pod.Spec.At("volumes").Items()
}
