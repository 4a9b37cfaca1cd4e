package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var routeTLS = pack.Rule{
	Name: "route-has-tls", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "passwords and sessions cross the network in clear",
	Remedy:    "set tls.termination, and tls.insecureEdgeTerminationPolicy to Redirect or None",
	Reference: "https://docs.openshift.com/container-platform/4.16/networking/routes/secured-routes.html",
	Kinds:     []string{"Route"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "tls", "termination"); !at.Is("edge", "reencrypt", "passthrough") {
			r.Violated(o, at, "is none of edge, reencrypt and passthrough")
		}
		if at := o.At("spec", "tls", "insecureEdgeTerminationPolicy"); at.Is("Allow") {
			r.Violated(o, at, "is Allow: the same is answered in clear")
		}
	},
}
