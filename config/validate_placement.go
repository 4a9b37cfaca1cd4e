package config

import (
	"fmt"
	"strings"
)

// validatePlaces checks each set of pods by itself.
func (t Topology) validatePlaces(into *collector, sets []podSet) {
	for _, set := range sets {
		if into.clean(set.selectorKey(), set.key+".tolerations") { // else they may match nothing
			t.validatePlace(into, set)
		}
	}
}

// validatePlace checks that a set has nodes, that its image runs on each of
// them, and that one of them is large enough for a pod.
func (t Topology) validatePlace(into *collector, set podSet) {
	nodes := t.nodesFor(set)
	if len(nodes) == 0 {
		which := "without taints"
		if len(set.tolerations) > 0 {
			which = "whose taints are all tolerated"
		}
		into.add(set.selectorKey(), "correct it, or label a node in "+Namespace+":topology.nodes,",
			"%s matches no node %s; the nodes are %s", selectorText(set.selector), which, textOf(t.Nodes, Node.offer))
		return
	}
	set.validatePlatforms(into, nodes)
	set.validateSize(into, nodes)
}

// validatePlatforms checks that the image runs wherever the scheduler may put
// a pod: it does not look at an image, so the pod would crash there.
func (s podSet) validatePlatforms(into *collector, nodes []Node) {
	if len(s.build.Platforms) == 0 || !into.clean(s.platformsKey()) {
		return
	}
	var suited, others []Node
	for _, node := range nodes {
		if node.runs(s.build) {
			suited = append(suited, node)
		} else {
			others = append(others, node)
		}
	}
	if len(others) == 0 {
		return
	}
	remedy := fmt.Sprintf("build it for %s too and list that", others[0].platform())
	if s.spread != everywhere && len(suited) > 0 {
		remedy += fmt.Sprintf(", or set kubernetes.io/arch: %s in %s,", suited[0].Architecture, s.selectorKey())
	}
	into.add(s.platformsKey(), remedy, "%s matches %s, and the image is built for %s alone", selectorText(s.selector),
		textOf(others, func(n Node) string { return fmt.Sprintf("%s (%s)", n.Name, n.Architecture) }), strings.Join(s.build.Platforms, " and "))
}

// validateSize checks that a pod is not larger than any node. A set that is
// everywhere must fit on each, which [Topology.validateRoom] tells.
func (s podSet) validateSize(into *collector, nodes []Node) {
	for _, node := range nodes {
		if s.spread == everywhere || node.holds(s.resources.Requests) {
			return
		}
	}
	into.add(s.key+".resources.requests", "lower them or add a larger node",
		"a pod wants cpu %s and memory %s, and no matching node has that; they are %s",
		s.resources.Requests.CPU.String(), s.resources.Requests.Memory.String(), textOf(nodes, Node.size))
}
