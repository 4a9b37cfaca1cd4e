package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var waitsBeforeEnd = pack.Rule{
	Name: "served-pod-waits-before-it-ends", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "clients are sent to a pod for a moment after it was told to stop, and are refused where the program stops at once",
	Remedy:    "add a preStop hook that waits until nobody is sent to the pod any more",
	Reference: "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow",
	Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
		if pod.Owner.Kind != "Deployment" || pod.Owner.At("spec", "strategy", "type").Is("Recreate") {
			return // nobody takes over while it ends
		}
		if !pack.Some(s.Kinds("Service"), func(service pack.Object) bool { return service.Leads(pod.Owner) }) {
			return
		}
		pack.Each(r, pod, pod.Containers(), func(c pack.Container) {
			if hook := c.At("lifecycle", "preStop"); !c.Init && !hook.Set() && len(c.At("ports").Items()) > 0 {
				r.Violated(c, hook, "is missing")
			}
		})
	}),
}
