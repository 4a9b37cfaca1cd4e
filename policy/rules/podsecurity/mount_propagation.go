package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var mountPropagation = pack.Rule{
	Name: "mount-stays-in-the-container", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "what the node mounts shows in the container, and with Bidirectional what the container mounts shows on the node",
	Remedy:    "leave out mountPropagation",
	Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, c.At("volumeMounts").Items(), func(mount pack.Value) {
			if mode := mount.At("mountPropagation"); !mode.Is("", "None") {
				r.Violated(c, mode, "is %s", mode.Text())
			}
		})
	}),
}
