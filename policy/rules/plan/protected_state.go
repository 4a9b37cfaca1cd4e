package plan

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// stateful are the kinds with which data go.
var stateful = []string{"CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet"}

// environmentLabel tells production from the rest.
const environmentLabel = "platform/environment"

// protectedState cannot ask for retainOnDelete, which analyzers are not told.
var protectedState = pack.Rule{
	Name: "stateful-object-is-protected", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "one line too few in the program, and the engine deletes a database with the object",
	Remedy:    "set platform:protect to true in the stack file, and pass it to pulumi.Protect",
	Reference: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
	Kinds:     stateful,
	Object: func(o pack.Object, r *pack.Report) {
		environment := o.At("metadata", "labels", environmentLabel).Text()
		if !o.Options.Protect && slices.Contains(r.List("environments"), environment) {
			r.Violated(o, pack.Value{}, "is not protected in %s", environment)
		}
	},
	Parameters: map[string]any{"environments": []any{"prod", "staging"}},
}
