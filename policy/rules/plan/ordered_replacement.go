package plan

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// stateful are the kinds with which data go.
var stateful = []string{"CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet"}

// orderedReplacement is about what the program asks for; what the provider does
// with fixed names is no option of the resource.
var orderedReplacement = pack.Rule{
	Name: "stateful-object-is-not-deleted-first", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "deleted before its replacement, a claim takes its data along, and a replacement that fails leaves nothing",
	Remedy:    "remove DeleteBeforeReplace from the resource",
	Reference: "https://www.pulumi.com/docs/iac/concepts/resources/options/deletebeforereplace/",
	Kinds:     stateful,
	Object: func(o pack.Object, r *pack.Report) {
		if first := o.Options.DeleteBeforeReplace; first != nil && *first {
			r.Violated(o, pack.Value{}, "is deleted before it is replaced")
		}
	},
}
