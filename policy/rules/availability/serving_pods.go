package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

var servingPods = pack.Rule{
	Name: "serving-pods-are-two", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "a Service before a single pod answers nobody while its node is drained or fails",
	Remedy:     "set replicas to 2 or more",
	Reference:  "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
	Parameters: trials,
	Stack: func(s *pack.Stack, r *pack.Report) {
		if !earnest(s, r) {
			return
		}
		pack.Each(r, nil, s.Kinds("Deployment"), func(o pack.Object) {
			if count, at := fewest(s, o); count < 2 && !stateful(o) && served(s, o) {
				r.Violated(o, at, "is %d behind a Service", count)
			}
		})
	},
}

// stateful tells whether the pods keep data, so that a second one would be no
// copy of the first.
func stateful(o pack.Object) bool {
	pod, _ := o.Pod()
	return pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		return volume.At("persistentVolumeClaim").Set() || volume.At("hostPath").Set()
	})
}

// served tells whether a Service leads to the pods.
func served(s *pack.Stack, o pack.Object) bool {
	return pack.Some(s.Kinds("Service"), func(service pack.Object) bool {
		selector := service.At("spec", "selector").TextMap()
		return len(selector) > 0 && o.Runs(labels.SelectorFromSet(selector)) && o.Beside(service)
	})
}
