// Package storage holds the rules about what keeps data, and what must not
// lose it.
package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

var headlessService = pack.Rule{
	Name: "stateful-set-has-its-headless-service", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "without a headless Service its pods have no DNS name of their own, and servers of a cluster do not find each other",
	Remedy:    "set serviceName to a Service with clusterIP None that selects the pods",
	Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("StatefulSet"), func(set pack.Object) {
			at := set.At("spec", "serviceName")
			name := at.Text()
			if name == "" {
				r.Violated(set, at, "is missing")
				return
			}
			service, found := pack.First(s.Kinds("Service"), func(o pack.Object) bool { return o.Called(name) && o.Beside(set) })
			switch {
			case !found:
				r.Violated(set, at, "is %q, a Service that the namespace does not have", name)
			case !service.At("spec", "clusterIP").Is("None"):
				r.Violated(set, at, "is %q, whose clusterIP is not None", name)
			case !selects(service, set):
				r.Violated(set, at, "is %q, which does not select these pods", name)
			}
		})
	},
}

func selects(service, set pack.Object) bool {
	selector := service.At("spec", "selector").TextMap()
	return len(selector) > 0 && set.Runs(labels.SelectorFromSet(selector))
}
