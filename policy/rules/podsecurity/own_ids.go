package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ownIDs = pack.Rule{
	Name: "pod-states-its-ids", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "an image that changes its user or leaves the group to be root reads files that are meant for others",
	Remedy:    "set runAsUser and runAsGroup of the security context to those of the image, and keep 0 out of fsGroup and supplementalGroups",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			if user := c.Security("runAsUser"); user.Set() && user.Int() == 0 {
				return // pod-runs-as-non-root judges root
			} else if !user.Set() {
				r.Violated(c, user, "is not set, so that the image decides")
			}
			if group := c.Security("runAsGroup"); group.Int() == 0 {
				r.Violated(c, group, "is root's group")
			}
		})
		pack.Each(r, pod, []pack.Value{pod.Spec.At("securityContext")}, func(context pack.Value) {
			if user := context.At("runAsUser"); user.Set() && user.Int() == 0 {
				return
			}
			if group := context.At("fsGroup"); group.Set() && group.Int() == 0 {
				r.Violated(pod, group, "is root's group")
			}
			for _, group := range context.At("supplementalGroups").Items() {
				if group.Int() == 0 {
					r.Violated(pod, group, "is root's group")
				}
			}
		})
	},
}
