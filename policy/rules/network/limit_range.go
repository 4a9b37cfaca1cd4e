package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// limitRangeExists asks for one only where something would be taken from it: a
// container that says all itself is not bounded by a LimitRange's defaults.
var limitRangeExists = pack.Rule{
	Name: "namespace-has-default-limits", Group: pack.Network, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
	Reason:    "a container without limits of its own takes all that its node has, and is refused where there is a quota",
	Remedy:    "add a LimitRange with defaults to the namespace, or set requests and limits of all containers",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, Resource policies",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
			if has(s, "LimitRange", namespace) {
				return
			}
			name := namespace.At("metadata", "name").Text()
			if bare, some := pack.First(s.Kinds(pack.PodKinds...), func(workload pack.Object) bool {
				pod, _ := workload.Pod()
				return workload.At("metadata", "namespace").Is(name) && pack.Some(pod.Containers(), unbounded)
			}); some {
				r.Violated(namespace, pack.Value{}, "has no LimitRange for the containers of %s, which do not say all themselves", bare)
			}
		})
	},
}

// unbounded tells whether a container leaves a request or a limit to others.
func unbounded(c pack.Container) bool {
	for _, what := range []string{"requests", "limits"} {
		for _, of := range []string{"cpu", "memory"} {
			if !c.At("resources", what, of).Set() {
				return true
			}
		}
	}
	return false
}
