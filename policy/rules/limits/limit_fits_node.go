package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/policy/pack"
)

var limitFitsNode = pack.Rule{
	Name: "container-limit-fits-a-node", Group: pack.Resources, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a limit beyond the nodes of the platform is none: the container takes its neighbours' room before the kernel stops it",
	Remedy:    "set the limit to what the container may use, within the rule's parameters",
	Reference: managing,
	Kinds:     pack.PodKinds,
	// Half of the largest node of Edd Cloud.
	Parameters: map[string]any{"cpu": "8", "memory": "16Gi"},
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, []string{"cpu", "memory"}, func(name string) {
			most := apiresource.MustParse(pack.Parameter[string](r, name))
			if limit := c.At("resources", "limits", name); limit.Set() {
				if amount := limit.Quantity(); amount.Cmp(most) > 0 {
					r.Violated(c, limit, "is %s, more than %s", amount.String(), most.String())
				}
			}
		})
	}),
}
