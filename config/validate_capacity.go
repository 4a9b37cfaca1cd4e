package config

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// amountKind is one of the two resources that amounts have.
type amountKind struct {
	name   string
	of     func(Amounts) resource.Quantity
	least  resource.Quantity // less is a slip: memory of 512m is half a byte
	forms  string            // how to write it
	finest resource.Scale    // Kubernetes rounds up what is finer
}

var amountKinds = []amountKind{
	{"cpu", func(a Amounts) resource.Quantity { return a.CPU }, resource.MustParse("1m"), "500m or 2", resource.Milli},
	{"memory", func(a Amounts) resource.Quantity { return a.Memory }, resource.MustParse("1Mi"), "512Mi or 2Gi", 0},
}

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

// podResources is the sum over the containers of the pod.
func (r Redis) podResources() Resources {
	if r.Exporter.Image == "" {
		return r.Resources
	}
	return Resources{
		Requests: r.Resources.Requests.plus(r.Exporter.Resources.Requests, 1),
		Limits:   r.Resources.Limits.plus(r.Exporter.Resources.Limits, 1),
	}
}

// plus adds other that many times over.
func (a Amounts) plus(other Amounts, times int) Amounts {
	cpu, memory := other.CPU.DeepCopy(), other.Memory.DeepCopy()
	cpu.Mul(int64(times))
	memory.Mul(int64(times))
	cpu.Add(a.CPU)
	memory.Add(a.Memory)
	return Amounts{CPU: cpu, Memory: memory}
}

// demand sums what all pods ask for.
func (c *EPFL) demand() (total Resources, pods resource.Quantity) {
	for _, set := range c.podSets() {
		total.Requests = total.Requests.plus(set.resources.Requests, set.count)
		total.Limits = total.Limits.plus(set.resources.Limits, set.count)
		pods.Add(*resource.NewQuantity(int64(set.count), resource.DecimalSI))
	}
	return total, pods
}

// validateQuota checks that the namespace may run what it is asked to: a pod
// over the quota is refused, and an update or a night's backup stands still.
// Pods that are told to end count until they are gone; with no room for them, an
// update goes on as they go, which TestRealLocal shows on real nodes.
func (c *EPFL) validateQuota(into *collector) {
	total, pods := c.demand()
	check := func(key string, wanted, quota resource.Quantity) {
		if into.clean(key) && wanted.Cmp(quota) > 0 {
			into.add(key, fmt.Sprintf("raise it to %s or ask for less", wanted.String()),
				"the pods want %s at most and the quota is %s", wanted.String(), quota.String())
		}
	}
	for _, kind := range amountKinds {
		check("quota.requests."+kind.name, kind.of(total.Requests), kind.of(c.Quota.Requests))
		check("quota.limits."+kind.name, kind.of(total.Limits), kind.of(c.Quota.Limits))
	}
	check("quota.pods", pods, *resource.NewQuantity(int64(c.Quota.Pods), resource.DecimalSI))
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
