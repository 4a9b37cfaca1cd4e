// Package limits holds the rules about what containers may use of their node.
package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// managing is what most of these rules come from.
const managing = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"

var requests = pack.Rule{
	Name: "container-has-requests", Group: pack.Resources, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "the scheduler puts what asks for nothing onto a full node, and the kubelet evicts it first",
	Remedy:     "set resources.requests.cpu and memory to what the container uses in its usual hours",
	Reference:  managing,
	Kinds:      pack.PodKinds,
	Parameters: map[string]any{"resources": []any{"cpu", "memory"}},
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, r.List("resources"), func(name string) {
			if request := c.At("resources", "requests", name); !positive(request) {
				r.Violated(c, request, "asks for no %s", name)
			}
		})
	}),
}

// positive tells whether an amount is there and more than nothing.
func positive(v pack.Value) bool {
	amount := v.Quantity()
	return amount.Sign() > 0
}
