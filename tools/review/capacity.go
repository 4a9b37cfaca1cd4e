package review

import (
	"cmp"
	"maps"
	"slices"

	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/config"
	"platform/policy/pack"
	"platform/policy/reach/objects"
)

// What capacity is of, and the units of its figures.
const (
	cpu, memory, storage = "cpu", "memory", "storage"
	millicores, inBytes  = "millicores", "bytes"
)

// uncounted is the rule of a finding that an object is missing in the sums.
const uncounted = "capacity-can-be-told"

// asked are sums of requests, by what and architecture.
type asked map[string]*Capacity

// weigh adds who reaches whom and what is asked of the nodes.
func (s *Section) weigh(all []*planned, before, after *pack.Stack, cfg config.Platform) {
	topology := cfg.Shared().Topology
	changed, unknown := reached(all, before, after, cfg)
	s.Reach, s.Findings = changed, append(s.Findings, unknown...)
	was, _ := sums(before, topology)
	is, missing := sums(after, topology)
	s.Capacity, s.Findings = capacities(was, is, topology), append(s.Findings, missing...)
}

// sums are what the pods of a stack ask at the most: of an autoscaler's upper
// bound, of a DaemonSet on each node that it may use, and of Jobs while they
// run. What cannot be read is not counted, and reported.
func sums(s *pack.Stack, topology config.Topology) (asked, []Finding) {
	total := asked{}
	var missing []Finding
	for _, o := range s.Objects {
		one, err := objects.Safely(func() (asked, error) { return demand(s, o, topology), nil })
		if err != nil {
			missing = append(missing, Finding{
				Rule: uncounted, Object: nameOf(o), New: true, Text: "what it asks of the nodes is not known before the deployment, and is not counted",
			})
			continue
		}
		for key, c := range one {
			total.add(key, *c, 1)
		}
	}
	return total, missing
}

func (a asked) add(key string, c Capacity, times int64) {
	if a[key] == nil {
		a[key] = &Capacity{Arch: c.Arch, What: c.What, Unit: c.Unit}
	}
	a[key].After += c.After * times
}

func (a asked) put(arch, what, unit string, amount int64, times int) {
	if amount > 0 && times > 0 {
		a.add(what+"/"+arch, Capacity{Arch: arch, What: what, Unit: unit, After: amount}, int64(times))
	}
}

// demand is what one object asks: a claim, or the pods of a workload.
func demand(s *pack.Stack, o pack.Object, topology config.Topology) asked {
	mine := asked{}
	if o.Kind == "PersistentVolumeClaim" {
		mine.put("", storage, inBytes, amount(o.At("spec"), storage), 1)
	}
	pod, runs := o.Pod()
	if !runs {
		return mine
	}
	nodes := nodesFor(pod, topology)
	_, most := replicas(s, o, len(nodes))
	processor, space := requests(pod)
	arch := archOf(pod, nodes)
	if o.Kind == "DaemonSet" {
		for _, node := range nodes {
			mine.put(node.Architecture, cpu, millicores, processor, 1)
			mine.put(node.Architecture, memory, inBytes, space, 1)
		}
	} else {
		mine.put(arch, cpu, millicores, processor, most)
		mine.put(arch, memory, inBytes, space, most)
	}
	if o.Kind == "StatefulSet" {
		for _, claim := range o.At("spec", "volumeClaimTemplates").Items() {
			mine.put("", storage, inBytes, amount(claim.At("spec"), storage), most)
		}
	}
	return mine
}

// requests are what the scheduler counts of a pod: containers and sidecars
// together, or what prepares them where that is more.
func requests(pod pack.Pod) (processor, space int64) {
	var running, preparing [2]int64
	for _, c := range pod.Containers() {
		wants := [2]int64{amount(c.Value, cpu), amount(c.Value, memory)}
		beside := !c.Init || c.At("restartPolicy").Is("Always")
		for i := range wants {
			if beside {
				running[i] += wants[i]
			} else { // with the sidecars that were started before it
				preparing[i] = max(preparing[i], running[i]+wants[i])
			}
		}
	}
	overhead := pod.Spec.At("overhead")
	return max(running[0], preparing[0]) + milli(overhead.At(cpu).Quantity()), max(running[1], preparing[1]) + value(overhead.At(memory).Quantity())
}

// amount is what is requested of something; a limit alone is a request, too.
func amount(of pack.Value, what string) int64 {
	asks := of.At("resources", "requests", what)
	if !asks.Set() {
		asks = of.At("resources", "limits", what)
	}
	if what == cpu {
		return milli(asks.Quantity())
	}
	return value(asks.Quantity())
}

// most is more than any sum of a cluster is, so that none leaves an int64.
const most = int64(1) << 50

func milli(q apiresource.Quantity) int64 { return min(q.MilliValue(), most) }

func value(q apiresource.Quantity) int64 { return min(q.Value(), most) }

// capacities are both sums side by side, sorted: cpu, memory, storage, and by
// architecture.
func capacities(before, after asked, topology config.Topology) []Capacity {
	keys := maps.Clone(after)
	for key, c := range before {
		if keys[key] == nil {
			keys[key] = c
		}
	}
	var all []Capacity
	for key, c := range keys {
		one := Capacity{Arch: c.Arch, What: c.What, Unit: c.Unit, Has: has(topology, c.Arch, c.What)}
		if before[key] != nil {
			one.Before = before[key].After
		}
		if after[key] != nil {
			one.After = after[key].After
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Capacity) int { return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Arch, b.Arch)) })
	return all
}

// has is what the nodes of an architecture have together, or all of them. No
// topology says how much storage there is.
func has(topology config.Topology, arch, what string) int64 {
	sum := int64(0)
	for _, node := range topology.Nodes {
		switch {
		case arch != anyArch && arch != node.Architecture:
		case what == cpu:
			sum += milli(node.CPU)
		case what == memory:
			sum += value(node.Memory)
		}
	}
	return sum
}
