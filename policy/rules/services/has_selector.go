package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hasSelector = pack.Rule{
	Name: "service-selects-its-pods", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "without a selector whoever may write EndpointSlices leads the name of the Service wherever they like, and an ExternalName leads out of the cluster",
	Remedy:    "select the labels of the workload, and reach other hosts by their own names",
	Reference: documentation + "#services-without-selectors",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if kind := o.At("spec", "type"); kind.Is("ExternalName") {
			r.Violated(o, kind, "is an alias of another name")
		}
		if at := o.At("spec", "selector"); len(at.Keys()) == 0 {
			r.Violated(o, at, "selects nothing")
		}
	},
}
