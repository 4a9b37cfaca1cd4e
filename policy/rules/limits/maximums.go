package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var maximums = pack.Rule{
	Name: "container-has-limits", Group: pack.Resources, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
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
}
