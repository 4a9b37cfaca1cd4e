package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// amountKind is one of the two resources that amounts have.
type amountKind struct {
	name  string
	of    func(Amounts) resource.Quantity
	least resource.Quantity // less is a slip: memory of 512m is half a byte
	forms string            // how to write it
}

var amountKinds = []amountKind{
	{"cpu", func(a Amounts) resource.Quantity { return a.CPU }, resource.MustParse("1m"), "500m or 2"},
	{"memory", func(a Amounts) resource.Quantity { return a.Memory }, resource.MustParse("1Mi"), "512Mi or 2Gi"},
}

// podSet is a number of equal pods, at the moment when there are most.
type podSet struct {
	key       string // of the part that has the resources
	count     int
	resources Resources
	selector  map[string]string
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
		{"frontend", withSurge(c.Frontend.Replicas, c.Frontend.Replicas), c.Frontend.Resources, c.Frontend.NodeSelector},
		{"backend", withSurge(backend, c.Backend.Replicas), c.Backend.Resources, c.Backend.NodeSelector},
		{"backend", 1, c.Backend.Resources, c.Backend.NodeSelector},
		{"worker", withSurge(c.Worker.Replicas, c.Worker.Replicas), c.Worker.Resources, c.Worker.NodeSelector},
		{"redis", 1, c.Redis.podResources(), c.Redis.NodeSelector}, // its volume allows no second pod
	}
	if c.Postgres.Mode == PostgresStatefulSet {
		sets = append(sets, podSet{"postgres", 1, c.Postgres.Resources, c.Postgres.NodeSelector})
		if c.Postgres.Backup.Enabled {
			sets = append(sets, podSet{"postgres.backup", 1, c.Postgres.Backup.Resources, c.Postgres.NodeSelector})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		service := c.Services[name]
		sets = append(sets, podSet{
			"services[" + name + "]", withSurge(service.Replicas, service.Replicas), service.Resources, service.NodeSelector,
		})
	}
	return sets
}

// withSurge adds the pod that a Deployment of one replica starts before it
// stops the old one. Larger ones are updated without surge.
func withSurge(count, replicas int) int {
	if replicas == 1 {
		count++
	}
	return max(count, 0)
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
	if !into.clean("topology.nodes") {
		return
	}
	for _, set := range c.podSets() {
		c.Topology.validatePlace(into, set)
	}
	total, pods := c.demand()
	var offered Amounts
	var room resource.Quantity
	for _, node := range c.Topology.Nodes {
		if node.repels() {
			continue
		}
		offered = offered.plus(Amounts{node.CPU, node.Memory}, 1)
		room.Add(*resource.NewQuantity(int64(node.Pods), resource.DecimalSI))
	}
	check := func(what string, wanted, offered resource.Quantity) {
		if wanted.Cmp(offered) > 0 {
			into.add("topology.nodes", "ask for less or add a node", "the pods want %s %s at most and the nodes without taints have %s",
				wanted.String(), what, offered.String())
		}
	}
	for _, kind := range amountKinds {
		check(kind.name, kind.of(total.Requests), kind.of(offered))
	}
	check("pods", pods, room)
}

// validatePlace checks that at least one node takes a pod of the set.
func (t Topology) validatePlace(into *collector, set podSet) {
	part, _, _ := strings.Cut(set.key, ".") // a backup follows the database's selector
	var matching []Node
	for _, node := range t.Nodes {
		if node.carries(set.selector) && !node.repels() {
			matching = append(matching, node)
		}
	}
	switch {
	case !into.clean(part + ".nodeSelector"): // it can match nothing
	case len(matching) == 0:
		into.add(part+".nodeSelector", "correct it, or label a node in "+Namespace+":topology.nodes,",
			"%s matches no node without taints; the nodes are %s", selectorText(set.selector), nodeTexts(t.Nodes))
	case !slices.ContainsFunc(matching, func(n Node) bool { return n.holds(set.resources.Requests) }):
		into.add(set.key+".resources.requests", "lower them or add a larger node",
			"a pod wants cpu %s and memory %s, and no matching node has that; they are %s",
			set.resources.Requests.CPU.String(), set.resources.Requests.Memory.String(), nodeTexts(matching))
	}
}

func (n Node) holds(wanted Amounts) bool {
	return wanted.CPU.Cmp(n.CPU) <= 0 && wanted.Memory.Cmp(n.Memory) <= 0
}

// repels tells whether a taint keeps every pod of ours off: none tolerates any.
func (n Node) repels() bool {
	return slices.ContainsFunc(n.Taints, func(t Taint) bool { return t.Effect != "PreferNoSchedule" })
}

// carries tells whether the node has every label of a selector.
func (n Node) carries(selector map[string]string) bool {
	labels := maps.Clone(n.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, n.implicitLabels())
	for name, value := range selector {
		if has, there := labels[name]; !there || has != value {
			return false
		}
	}
	return true
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

// nodeTexts lists nodes by what a scheduler looks at.
func nodeTexts(nodes []Node) string {
	texts := make([]string, 0, len(nodes))
	for _, node := range nodes {
		text := fmt.Sprintf("%s (%s, cpu %s, memory %s", node.Name, node.Architecture, node.CPU.String(), node.Memory.String())
		if len(node.Labels) > 0 {
			text += ", " + selectorText(node.Labels)
		}
		if node.repels() {
			text += ", tainted"
		}
		texts = append(texts, text+")")
	}
	return strings.Join(texts, ", ")
}
