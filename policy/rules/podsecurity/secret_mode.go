package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var secretMode = pack.Rule{
	Name: "secret-files-are-not-for-all", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "every user of the container reads a file whose mode lets others read it",
	Remedy:    "set defaultMode of the volume to 0440 (288), and the fsGroup of the pod to the group that reads it",
	Reference: "https://kubernetes.io/docs/concepts/configuration/secret/#secret-files-permissions",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			secret := volume.At("secret")
			if !secret.Set() {
				return
			}
			if mode := secret.At("defaultMode"); !mode.Set() || mode.Int()&othersMay != 0 {
				r.Violated(pod, mode, "lets every user read it")
			}
		})
	},
}

// othersMay are the bits of a file's mode for those who are neither its owner
// nor of its group.
const othersMay = 0o007
