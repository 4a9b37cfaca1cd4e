package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

var spread = pack.Rule{
	Name: "several-pods-are-spread", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "pods on one node fall together, and then two are no better than one",
	Remedy:    "add a topologySpreadConstraint over kubernetes.io/hostname that selects the pods' own labels, or a podAntiAffinity",
	Reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		several(s, r, func(o pack.Object, pod pack.Pod) {
			if !pack.Some(keepApart(pod), func(term pack.Value) bool { return term.At("topologyKey").Text() != "" && means(term, pod) }) {
				r.Violated(o, pod.Spec.At("topologySpreadConstraints"), "has none that selects these pods")
			}
		})
	},
}

// keepApart is what tells the scheduler to part pods, each with a selector and
// a topology key.
func keepApart(pod pack.Pod) []pack.Value {
	terms := pod.Spec.At("topologySpreadConstraints").Items()
	apart := pod.Spec.At("affinity", "podAntiAffinity")
	terms = append(terms, apart.At("requiredDuringSchedulingIgnoredDuringExecution").Items()...)
	for _, weighted := range apart.At("preferredDuringSchedulingIgnoredDuringExecution").Items() {
		terms = append(terms, weighted.At("podAffinityTerm"))
	}
	return terms
}

func means(term pack.Value, pod pack.Pod) bool {
	return term.At("labelSelector").Selector().Matches(labels.Set(pod.Labels()))
}
