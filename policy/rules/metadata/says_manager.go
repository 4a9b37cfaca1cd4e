package metadata

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var saysManager = pack.Rule{
	Name: "object-says-who-manages-it", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:     "who changes by hand what the program manages loses it at the next deployment",
	Remedy:     "set app.kubernetes.io/managed-by",
	Reference:  labelsPage,
	Parameters: map[string]any{"labels": []any{"app.kubernetes.io/managed-by"}},
	Object: func(o pack.Object, r *pack.Report) {
		if whole(o) {
			lacks(r, o, o.At("metadata", "labels"), r.List("labels"))
		}
	},
}
