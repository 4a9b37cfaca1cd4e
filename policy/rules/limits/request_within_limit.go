package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var requestWithinLimit = pack.Rule{
	Name: "request-is-within-limit", Group: pack.Resources, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses a container that asks for more than it may use",
	Remedy:    "lower the request, or raise the limit",
	Reference: managing,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		requested, limits := c.At("resources", "requests"), c.At("resources", "limits")
		pack.Each(r, c, requested.Keys(), func(name string) {
			request, limit := requested.At(name), limits.At(name)
			if most := limit.Quantity(); limit.Set() && most.Cmp(request.Quantity()) < 0 {
				r.Violated(c, request, "is over the limit of %s", most.String())
			}
		})
	}),
}
