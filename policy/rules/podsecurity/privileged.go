package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var privileged = pack.Rule{
	Name: "container-is-not-privileged", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a privileged container reaches every device, process and file of its node",
	Remedy:    "leave out securityContext.privileged and windowsOptions.hostProcess; add the one capability that is needed, if any",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if setting := c.At("securityContext", "privileged"); setting.True() {
			r.Violated(c, setting, "is privileged")
		}
		if setting := c.Security("windowsOptions").At("hostProcess"); setting.True() {
			r.Violated(c, setting, "runs on its Windows node as one of the node's own processes")
		}
	}),
}
