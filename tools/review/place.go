package review

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"platform/config"
	"platform/policy/pack"
)

// anyArch stands for pods that may run on nodes of several architectures.
const anyArch = "any"

// The labels that Kubernetes gives a node itself.
const (
	archLabel = "kubernetes.io/arch"
	hostLabel = "kubernetes.io/hostname"
	osLabel   = "kubernetes.io/os"
)

// nodesFor are the nodes of a topology that a pod may run on: by its selector,
// the affinity that it requires, and the taints that it tolerates.
func nodesFor(pod pack.Pod, topology config.Topology) []config.Node {
	var found []config.Node
	for _, node := range topology.Nodes {
		if takes(node, pod) {
			found = append(found, node)
		}
	}
	return found
}

func takes(node config.Node, pod pack.Pod) bool {
	has := labels.Set{archLabel: node.Architecture, hostLabel: node.Name, osLabel: "linux"}
	for key, value := range node.Labels {
		has[key] = value
	}
	if name := pod.Spec.At("nodeName").Text(); name != "" && name != node.Name {
		return false
	}
	if !labels.SelectorFromSet(pod.Spec.At("nodeSelector").TextMap()).Matches(has) {
		return false
	}
	terms := pod.Spec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms").Items()
	if len(terms) > 0 && !slices.ContainsFunc(terms, func(term pack.Value) bool { return matches(term, has) }) {
		return false
	}
	tolerations := pod.Spec.At("tolerations").Items()
	return !slices.ContainsFunc(node.Taints, func(taint config.Taint) bool {
		return taint.Effect != "PreferNoSchedule" && !slices.ContainsFunc(tolerations, func(t pack.Value) bool { return tolerates(t, taint) })
	})
}

// operators are those of an affinity, as selectors of labels have them.
var operators = map[string]selection.Operator{
	"In": selection.In, "NotIn": selection.NotIn, "Exists": selection.Exists, "DoesNotExist": selection.DoesNotExist,
	"Gt": selection.GreaterThan, "Lt": selection.LessThan,
}

// matches reports whether a node is meant by a term of an affinity; an empty one
// means none.
func matches(term pack.Value, has labels.Set) bool {
	expressions := term.At("matchExpressions").Items()
	for _, one := range expressions {
		if !meets(one, has) {
			return false
		}
	}
	fields := term.At("matchFields").Items()
	for _, one := range fields { // metadata.name is the only one there is
		if !meets(one, labels.Set{one.At("key").Text(): has[hostLabel]}) {
			return false
		}
	}
	return len(expressions)+len(fields) > 0
}

func meets(one pack.Value, has labels.Set) bool {
	requirement, err := labels.NewRequirement(one.At("key").Text(), operators[one.At("operator").Text()], one.At("values").Texts())
	return err == nil && requirement.Matches(has)
}

func tolerates(t pack.Value, taint config.Taint) bool {
	if effect := t.At("effect").Text(); effect != "" && effect != taint.Effect {
		return false
	}
	key := t.At("key").Text()
	if t.At("operator").Is("Exists") {
		return key == "" || key == taint.Key
	}
	return key == taint.Key && t.At("value").Text() == taint.Value
}

// archOf is the architecture that pods on these nodes have, or [anyArch]. Of a
// pod that finds no node it is the one that it asks for.
func archOf(pod pack.Pod, nodes []config.Node) string {
	if len(nodes) == 0 {
		if asked := pod.Spec.At("nodeSelector", archLabel).Text(); asked != "" {
			return asked
		}
		return anyArch
	}
	for _, node := range nodes {
		if node.Architecture != nodes[0].Architecture {
			return anyArch
		}
	}
	return nodes[0].Architecture
}

// scaler is the autoscaler of a workload; false where it has none.
func scaler(s *pack.Stack, o pack.Object) (pack.Object, bool) {
	return pack.First(s.Kinds("HorizontalPodAutoscaler"), func(h pack.Object) bool {
		target := h.At("spec", "scaleTargetRef")
		return h.Beside(o) && target.At("kind").Is(o.Kind) && target.At("name").Is(o.Name())
	})
}

// replicas are the fewest and the most pods that a workload runs; those of a
// DaemonSet are as many as nodes that it may use.
func replicas(s *pack.Stack, o pack.Object, nodes int) (fewest, most int) {
	spec := o.At("spec")
	switch o.Kind {
	case "DaemonSet":
		return nodes, nodes
	case "Pod":
		return 1, 1
	case "Job", "CronJob":
		if o.Kind == "CronJob" {
			spec = spec.At("jobTemplate", "spec")
		}
		return 0, countOf(spec.At("parallelism"))
	}
	if o.Off() {
		return 0, 0
	}
	if h, scaled := scaler(s, o); scaled {
		return countOf(h.At("spec", "minReplicas")), countOf(h.At("spec", "maxReplicas"))
	}
	count := countOf(spec.At("replicas"))
	return count, count
}

// countOf is a number of pods; 1 where none is given.
func countOf(value pack.Value) int {
	if !value.Set() {
		return 1
	}
	return value.Int()
}
