// Package podsecurity holds the rules about what pods may do: the restricted
// Pod Security Standard, and what goes beyond it.
package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// baseline and restricted are the standards that most of these rules come from.
const (
	baseline   = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline"
	restricted = "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"
)

var runAsNonRoot = pack.Rule{
	Name: "pod-runs-as-non-root", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "root in a container is root on the node as soon as it finds a way out",
	Remedy:    "set securityContext.runAsNonRoot to true, with the UID that the image runs as",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if setting := c.Security("runAsNonRoot"); !setting.True() {
			r.Violated(c, setting, "may run as root")
		} else if user := c.Security("runAsUser"); user.Set() && user.Int() == 0 {
			r.Violated(c, user, "is root, and the kubelet does not start it")
		}
	}),
}
