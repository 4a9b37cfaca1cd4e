// Package availability holds the rules that keep a service up while pods,
// nodes and versions come and go.
package availability

import (
	"slices"

	"platform/policy/pack"
)

// kept are the kinds that keep a number of pods running.
var kept = []string{"Deployment", "StatefulSet"}

// trialStacks are those whose outage harms nobody. A stack that is not among
// them is held to be in earnest.
const trialStacks = "trial-stacks"

var trials = map[string]any{trialStacks: []any{"dev", "local", "k3s-local"}}

// earnest tells whether a stack serves users.
func earnest(s *pack.Stack, r *pack.Report) bool {
	return !slices.Contains(r.List(trialStacks), s.Name)
}

// autoscaler is what sets the number of a workload's pods; false where nothing
// does.
func autoscaler(s *pack.Stack, o pack.Object) (pack.Object, bool) {
	return pack.First(s.Kinds("HorizontalPodAutoscaler"), func(scaler pack.Object) bool { return scales(scaler, o) })
}

func scales(scaler, o pack.Object) bool {
	target := scaler.At("spec", "scaleTargetRef")
	return target.At("kind").Is(o.Kind) && o.Called(target.At("name").Text()) && o.Beside(scaler)
}

// fewest is the smallest number of pods that a workload keeps, and the value
// that says so.
func fewest(s *pack.Stack, o pack.Object) (int, pack.Value) {
	if scaler, scaled := autoscaler(s, o); scaled {
		return numbered(scaler.At("spec", "minReplicas"))
	}
	return numbered(o.At("spec", "replicas"))
}

// numbered is a number of pods; the API server makes an absent one 1.
func numbered(at pack.Value) (int, pack.Value) {
	if !at.Set() {
		return 1, at
	}
	return at.Int(), at
}

// several are the workloads that keep two pods or more.
func several(s *pack.Stack, r *pack.Report, judge func(o pack.Object, pod pack.Pod)) {
	pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
		if count, _ := fewest(s, o); count > 1 {
			pod, _ := o.Pod()
			judge(o, pod)
		}
	})
}
