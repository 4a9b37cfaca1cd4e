// Package limits holds the rules about what containers may use of their node.
package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/policy/pack"
)

// managing is what most of these rules come from.
const managing = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Resources, []pack.Rule{
	{
		Name: "container-has-requests", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
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
	},
	{
		Name: "container-has-limits", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "a container without a limit takes the memory of its neighbours, and the kernel ends one of them",
		Remedy:     "set resources.limits.cpu and memory to the most that the container may use",
		Reference:  "the platform's description, Pod Security; NSA/CISA Kubernetes Hardening Guide 1.2, resource policies",
		Kinds:      pack.PodKinds,
		Parameters: map[string]any{"resources": []any{"cpu", "memory"}},
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, r.List("resources"), func(name string) {
				if limit := c.At("resources", "limits", name); !positive(limit) {
					r.Violated(c, limit, "has no limit of %s", name)
				}
			})
		}),
	},
	{
		Name: "container-limit-fits-a-node", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a limit beyond the nodes of the platform is none: the container takes its neighbours' room before the kernel stops it",
		Remedy:    "set the limit to what the container may use, within the rule's parameters",
		Reference: managing,
		Kinds:     pack.PodKinds,
		// Those of the largest node; empty where none is stated.
		Parameters: map[string]any{"cpu": "", "memory": ""},
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, []string{"cpu", "memory"}, func(name string) {
				text := pack.Parameter[string](r, name)
				if text == "" {
					return
				}
				most := apiresource.MustParse(text)
				if limit := c.At("resources", "limits", name); limit.Set() {
					if amount := limit.Quantity(); amount.Cmp(most) > 0 {
						r.Violated(c, limit, "is %s, more than %s", amount.String(), most.String())
					}
				}
			})
		}),
	},
})

// positive reports whether an amount is there and more than nothing.
func positive(v pack.Value) bool {
	amount := v.Quantity()
	return amount.Sign() > 0
}
