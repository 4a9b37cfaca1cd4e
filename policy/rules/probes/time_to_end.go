package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var timeToEnd = pack.Rule{
	Name: "pod-has-time-to-end", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "a program that is killed at once leaves its files half written, and its clients without an answer",
	Remedy:     "set terminationGracePeriodSeconds to what the program takes to end",
	Reference:  "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination",
	Kinds:      servingKinds,
	Parameters: map[string]any{"floor": 10.0}, // seconds
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if at := pod.Spec.At("terminationGracePeriodSeconds"); at.Set() && float64(at.Int()) < pack.Parameter[float64](r, "floor") {
			r.Violated(pod, at, "is %d s", at.Int())
		}
	},
}
