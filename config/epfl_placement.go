package config

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// podSets lists every pod that the environment runs at the same time at most:
// the autoscaler at its upper bound, a pod that replaces another before it
// goes, one migration and one backup.
func (c *EPFL) podSets() []podSet {
	backend := c.Backend.Replicas
	if c.Backend.Autoscaling.Enabled {
		backend = c.Backend.Autoscaling.MaxReplicas
	}
	sets := []podSet{
		{key: "frontend", count: withSurge(c.Frontend.Replicas, c.Frontend.Replicas), resources: c.Frontend.Resources, selector: c.Frontend.NodeSelector},
		{key: "backend", count: withSurge(backend, c.Backend.Replicas), resources: c.Backend.Resources, selector: c.Backend.NodeSelector},
		{key: "backend", count: 1, resources: c.Backend.Resources, selector: c.Backend.NodeSelector},
	}
	if c.Worker.Kind != WorkerNone {
		sets = append(sets, podSet{key: "worker", count: withSurge(c.Worker.Replicas, c.Worker.Replicas), resources: c.Worker.Resources, selector: c.Worker.NodeSelector})
	}
	if c.HasRedis() { // its volume allows no second pod
		sets = append(sets, podSet{key: "redis", count: 1, resources: c.Redis.podResources(), selector: c.Redis.NodeSelector})
	}
	if p := c.Postgres; p.Mode == PostgresStatefulSet {
		sets = append(sets, podSet{key: "postgres", count: 1, resources: p.Resources, selector: p.NodeSelector})
		if p.Backup.Enabled {
			sets = append(sets, podSet{key: "postgres.backup", placed: "postgres", count: 1, resources: p.Backup.Resources, selector: p.NodeSelector})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		s := c.Services[name]
		sets = append(sets, podSet{
			key: "services[" + name + "]", count: withSurge(s.Replicas, s.Replicas), resources: s.Resources, selector: s.NodeSelector,
		})
	}
	return sets
}

// validatePlacement checks that the nodes can take the pods: each pod one
// node, and all of them all nodes.
func (c *EPFL) validatePlacement(into *collector) {
	const nodes = "topology.nodes"
	if !into.clean(nodes) {
		return
	}
	c.Topology.validatePlaces(into, c.podSets())
	c.validateSum(into, nodes)
	if into.clean(nodes) { // else there is not enough in all, however it lies
		c.Topology.validateRoom(into, c.podSets())
	}
}

// validateSum compares what all pods want with what all nodes have.
func (c *EPFL) validateSum(into *collector, nodes string) {
	total, pods := c.demand()
	var offered Amounts
	var room resource.Quantity
	for _, node := range c.Topology.nodesFor(podSet{}) {
		offered = offered.plus(Amounts{node.CPU, node.Memory}, 1)
		room.Add(*resource.NewQuantity(int64(node.Pods), resource.DecimalSI))
	}
	check := func(what string, wanted, offered resource.Quantity) {
		if wanted.Cmp(offered) > 0 {
			into.add(nodes, "ask for less or add a node", "the pods want %s %s at most and the nodes without taints have %s",
				wanted.String(), what, offered.String())
		}
	}
	for _, kind := range amountKinds {
		check(kind.name, kind.of(total.Requests), kind.of(offered))
	}
	check("pods", pods, room)
}
