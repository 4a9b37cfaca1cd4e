package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var externalIPs = pack.Rule{
	Name: "service-takes-no-external-ips", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an external IP draws the traffic of all pods to that address to this Service, whoever it belongs to (CVE-2020-8554)",
	Remedy:    "remove externalIPs; a LoadBalancer gets its address from a pool",
	Reference: "https://github.com/kubernetes/kubernetes/issues/97076",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "externalIPs"); len(at.Items()) > 0 {
			r.Violated(o, at, "is set")
		}
	},
}
