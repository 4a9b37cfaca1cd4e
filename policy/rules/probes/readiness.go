package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var readiness = pack.Rule{
	Name: "served-container-has-readiness-probe", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a Service sends requests to a container from the moment it starts, ready or not",
	Remedy:    "add a readinessProbe that asks what the Service leads to",
	Reference: documentation,
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if !pack.Some(s.Kinds("Service"), func(service pack.Object) bool { return service.Leads(pod.Owner) }) {
			return
		}
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			if probe := c.At(readinessProbe); !c.Init && !probe.Set() {
				r.Violated(c, probe, "is behind a Service and does not say when it is ready")
			}
		})
	}),
}
