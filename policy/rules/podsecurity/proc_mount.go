package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var procMount = pack.Rule{
	Name: "container-proc-is-masked", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an unmasked /proc shows the kernel's memory and settings of the node",
	Remedy:    "leave out securityContext.procMount",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if mount := c.At("securityContext", "procMount"); !mount.Is("", "Default") {
			r.Violated(c, mount, "is %s", mount.Text())
		}
	}),
}
