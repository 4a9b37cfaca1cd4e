package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var seccomp = pack.Rule{
	Name: "container-has-seccomp-profile", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "without a profile a container may make every call to the kernel, those with the last hole too",
	Remedy:    "set securityContext.seccompProfile.type to RuntimeDefault",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if profile := c.Security("seccompProfile").At("type"); !profile.Is("RuntimeDefault", "Localhost") {
			r.Violated(c, profile, "has no seccomp profile")
		}
	}),
}
