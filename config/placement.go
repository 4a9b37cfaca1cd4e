package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/klog/v2"
)

// spreading says how the pods of a set lie on the nodes.
type spreading int

const (
	anywhere   spreading = iota // evenly, as far as there is room
	apart                       // never two on one node
	everywhere                  // one on each node that the set may use
)

// podSet is a number of equal pods, at the moment when there are most.
type podSet struct {
	key         string // of the part that has the resources
	placed      string // of the part that has the node selector; empty means key
	count       int    // no matter for a set that is everywhere
	resources   Resources
	selector    map[string]string
	spread      spreading
	tolerations []Toleration
	everyTaint  bool  // tolerates whatever there is
	build       Build // without platforms it is not known what it runs on
}

func (s podSet) selectorKey() string { return cmp.Or(s.placed, s.key) + ".nodeSelector" }

func (s podSet) platformsKey() string { return s.key + ".platforms" }

// withSurge adds the pod that a Deployment of one replica starts before it
// stops the old one. Larger ones are updated without surge.
func withSurge(count, replicas int) int {
	if replicas == 1 {
		count++
	}
	return max(count, 0)
}

// nodesFor lists the nodes that the pods of a set may run on.
func (t Topology) nodesFor(set podSet) []Node {
	var nodes []Node
	for _, node := range t.Nodes {
		if node.takes(set) {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// node finds a node by its name.
func (t Topology) node(name string) (Node, bool) {
	i := slices.IndexFunc(t.Nodes, func(n Node) bool { return n.Name == name })
	if i < 0 {
		return Node{}, false
	}
	return t.Nodes[i], true
}

// takes reports whether labels and taints let pods of the set onto the node.
func (n Node) takes(set podSet) bool {
	return n.carries(set.selector) && (set.everyTaint || !n.repels(set.tolerations...))
}

// repels reports whether a taint keeps pods with these tolerations off.
func (n Node) repels(tolerations ...Toleration) bool {
	return slices.ContainsFunc(n.Taints, func(taint Taint) bool {
		return taint.Effect != preferNoSchedule && !slices.ContainsFunc(tolerations, taint.toleratedBy)
	})
}

func (t Taint) toleratedBy(toleration Toleration) bool {
	one := corev1.Toleration{Key: toleration.Key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffect(toleration.Effect)}
	return one.ToleratesTaint(klog.Logger{}, &corev1.Taint{Key: t.Key, Value: t.Value, Effect: corev1.TaintEffect(t.Effect)}, false)
}

// carries reports whether the node has every label of a selector.
func (n Node) carries(selector map[string]string) bool {
	return labels.SelectorFromSet(selector).Matches(labels.Merge(n.Labels, n.implicitLabels()))
}

func (n Node) holds(wanted Amounts) bool {
	return wanted.CPU.Cmp(n.CPU) <= 0 && wanted.Memory.Cmp(n.Memory) <= 0
}

func selectorText(selector map[string]string) string {
	if len(selector) == 0 {
		return "the empty selector"
	}
	pairs := make([]string, 0, len(selector))
	for _, name := range slices.Sorted(maps.Keys(selector)) {
		pairs = append(pairs, name+"="+selector[name])
	}
	return clipped(strings.Join(pairs, ","))
}

// offer describes a node by what decides whether a pod may run there.
func (n Node) offer() string {
	parts := []string{n.Architecture}
	for _, name := range slices.Sorted(maps.Keys(n.Labels)) {
		parts = append(parts, name+"="+n.Labels[name])
	}
	for _, taint := range n.Taints {
		if taint.Effect != preferNoSchedule {
			parts = append(parts, fmt.Sprintf("taint %s:%s", taint.Key, taint.Effect))
		}
	}
	return fmt.Sprintf("%s (%s)", n.Name, strings.Join(parts, ", "))
}

// size describes a node by what decides whether a pod fits there.
func (n Node) size() string {
	return fmt.Sprintf("%s (cpu %s, memory %s)", n.Name, n.CPU.String(), n.Memory.String())
}

func (n Node) name() string { return n.Name }

// textOf lists things in the order given; "none" when there are none.
func textOf[T any](list []T, text func(T) string) string {
	if len(list) == 0 {
		return "none"
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		texts = append(texts, text(item))
	}
	return strings.Join(texts, ", ")
}
