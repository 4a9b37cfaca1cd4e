package plan

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var watchedChanges = pack.Rule{
	Name: "changes-are-ignored-where-agreed", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "what is ignored drifts unseen, and a value that the program no longer sends may be removed from the object",
	Remedy:    "leave the field to its owner by not setting it, or agree on it as Kind/path in the rule's parameter",
	Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/1075",
	Object: func(o pack.Object, r *pack.Report) {
		for _, path := range o.Options.IgnoreChanges {
			of := o.Kind
			if of == "" {
				of = o.Type // of what is no object, such as a provider
			}
			if !slices.Contains(r.List("agreed"), of+"/"+path) {
				r.Violated(o, pack.Value{}, "ignores changes of %s", path)
			}
		}
	},
	// The replicas are an autoscaler's, which a rule of its own sees to. Another
	// identifier would make another cluster of the same one.
	Parameters: map[string]any{"agreed": []any{"Deployment/spec.replicas", providerType + "/clusterIdentifier"}},
}
