package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var mountedVolumes = pack.Rule{
	Name: "volume-is-mounted", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "a volume that no container mounts is a slip or a preparation: it brings a Secret or a disk to the node for nothing",
	Remedy:    "remove the volume, or mount it",
	Reference: "https://kubernetes.io/docs/concepts/storage/volumes/",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			name := volume.At("name").Text()
			if !pack.Some(pod.Containers(), func(c pack.Container) bool {
				return pack.Some(append(c.At("volumeMounts").Items(), c.At("volumeDevices").Items()...), func(mount pack.Value) bool { return mount.At("name").Is(name) })
			}) {
				r.Violated(pod, volume, "is %s, which no container mounts", name)
			}
		})
	},
}
