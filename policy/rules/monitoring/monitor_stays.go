package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var monitorStays = pack.Rule{
	Name: "monitor-looks-at-its-own-namespace", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a monitor of all namespaces has Prometheus ask the pods of others, with whatever login it has",
	Remedy:    "leave out namespaceSelector, or name the namespaces",
	Reference: operator,
	Kinds:     monitors,
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "namespaceSelector", "any"); at.True() {
			r.Violated(o, at, "looks everywhere")
		}
	},
}
