// Package podsecurity holds the rules about what pods may do: the restricted
// Pod Security Standard, and what goes beyond it.
package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// restricted is the standard that most of these rules come from.
const restricted = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"

var runAsNonRoot = pack.Rule{
	Name: "pod-runs-as-non-root", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "root in a container is root on the node as soon as it finds a way out",
	Remedy:    "set securityContext.runAsNonRoot to true, with the UID that the image runs as",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			if setting := c.Security("runAsNonRoot"); !setting.True() {
				r.Violated(c, setting, "may run as root")
			}
		})
	},
}
