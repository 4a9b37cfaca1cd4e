package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var readyPods = pack.Rule{
	Name: "service-leads-to-ready-pods", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "clients are sent to pods that have not started or no longer answer",
	Remedy:    "leave out publishNotReadyAddresses, or make it a Service without an address for peers that find each other before they are ready",
	Reference: documentation,
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "publishNotReadyAddresses")
		if at.True() && !o.At("spec", "clusterIP").Is("None") {
			r.Violated(o, at, "leads to pods that are not ready")
		}
	},
}
