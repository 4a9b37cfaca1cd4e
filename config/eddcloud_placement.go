package config

import (
	"fmt"
	"maps"
	"slices"
)

// podSets lists every pod that runs at the same time at most. A server that is
// not enabled has none.
func (c *EddCloud) podSets() []podSet {
	g, m, h, i := c.Gateway, c.GFS.Master, c.HAProxy, c.ImageCleanup
	sets := []podSet{
		{key: "gateway", count: withSurge(g.Replicas, g.Replicas), resources: g.Resources, selector: g.NodeSelector, build: g.Build},
		{key: "gfs.master", count: 1, resources: m.Resources, selector: m.NodeSelector, build: m.Build}, // its folder allows no second
		c.chunkservers(),
		{key: "haproxy", count: withSurge(1, 1), resources: h.Resources, selector: h.NodeSelector, build: h.Build},
		c.bus(),
		{key: "imageCleanup", resources: i.Resources, build: i.Build, spread: everywhere, everyTaint: true},
	}
	for _, name := range slices.Sorted(maps.Keys(c.Postgres.Servers)) {
		if server := c.Postgres.Servers[name]; server.Enabled {
			sets = append(sets, podSet{
				key: "postgres", placed: "postgres.servers[" + name + "]", count: 1, // its volume allows no second
				resources: c.Postgres.Resources, selector: server.NodeSelector, build: c.Postgres.Build,
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		s := c.Services[name]
		sets = append(sets, podSet{
			key: "services[" + name + "]", count: withSurge(s.Replicas, s.Replicas),
			resources: s.Resources, selector: s.NodeSelector, build: s.Build,
		})
	}
	return sets
}

// validatePlacement checks that the nodes can take the pods.
func (c *EddCloud) validatePlacement(into *collector) {
	if !into.clean("topology.nodes") {
		return
	}
	sets := c.podSets()
	c.Topology.validatePlaces(into, sets)
	c.validateChunkservers(into)
	c.validateBus(into)
	c.validateComputeNodes(into)
	c.Topology.validateRoom(into, sets)
}

// componentCompute is the service that runs users' containers, and ComputeLabel
// the label of nodes, with the value true, that their pods ask for beside an
// architecture.
const (
	componentCompute = "edd-compute"
	ComputeLabel     = "compute-schedulable"
)

// validateComputeNodes checks that users' containers find a node: their pods
// are made by edd-compute, which Kubernetes lets wait for ever.
func (c *EddCloud) validateComputeNodes(into *collector) {
	if _, runs := c.Services[componentCompute]; !runs {
		return
	}
	users := podSet{selector: map[string]string{ComputeLabel: "true"}}
	if len(c.Topology.nodesFor(users)) > 0 {
		return
	}
	into.add("topology.nodes", fmt.Sprintf("give it to those that users' containers may run on, here and with kubectl label node NAME %s=true,", ComputeLabel),
		"no node without taints has the label %s=true, and %s runs users' containers nowhere else: each would stay Pending", ComputeLabel, componentCompute)
}
