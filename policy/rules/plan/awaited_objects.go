package plan

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// skipAwait has the provider not wait until an object is ready.
const skipAwait = "pulumi.com/skipAwait"

var awaitedObjects = pack.Rule{
	Name: "object-is-awaited", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a run that waits for nothing ends well while the pods crash, and what depends on them starts before them",
	Remedy:    "remove the annotation pulumi.com/skipAwait; bound the wait by a timeout instead",
	Reference: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations",
	Object: func(o pack.Object, r *pack.Report) {
		skip := o.At("metadata", "annotations", skipAwait)
		if on(skip) && !slices.Contains(r.List("kinds"), o.Kind) && !withoutPods(o) {
			r.Violated(o, skip, "is true")
		}
	},
	// A Deployment without pods has nothing to wait for. The wait for a Service's endpoints costs 10 s, and behind each is a
	// workload that is awaited anyway.
	Parameters: map[string]any{"kinds": []any{"Service"}},
}

// withoutPods tells whether an object states that it runs none.
func withoutPods(o pack.Object) bool {
	replicas := o.At("spec", "replicas")
	return replicas.Set() && replicas.Int() == 0
}
