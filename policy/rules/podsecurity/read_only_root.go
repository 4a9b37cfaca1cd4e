package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var readOnlyRoot = pack.Rule{
	Name: "container-root-is-read-only", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "who breaks into a container with a writable root changes its programs, and fills its node's disk",
	Remedy:    "set securityContext.readOnlyRootFilesystem of the container to true, and mount an emptyDir where it has to write",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, immutable container file systems",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if setting := c.At("securityContext", "readOnlyRootFilesystem"); !setting.True() {
			r.Violated(c, setting, "may write to its root")
		}
	}),
}
