package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var privilegeEscalation = pack.Rule{
	Name: "container-gains-no-privileges", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a program with the setuid bit makes a user of the container root in it",
	Remedy:    "set securityContext.allowPrivilegeEscalation of the container to false",
	Reference: restricted,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if setting := c.At("securityContext", "allowPrivilegeEscalation"); !setting.False() {
			r.Violated(c, setting, "may gain privileges that it was not started with")
		}
	}),
}
