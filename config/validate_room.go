package config

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// What no machine has: quantities beyond it count as it, so that no sum of
// them leaves an int64.
var (
	mostCPU    = resource.MustParse("1000k")
	mostMemory = resource.MustParse("1Ei")
)

// room is what is left of one node while pods are placed.
type room struct {
	node   Node
	cpu    int64 // thousandths of a processor
	memory int64 // bytes
	pods   int64
}

// rooms are the nodes, empty.
func (t Topology) rooms() []*room {
	rooms := make([]*room, 0, len(t.Nodes))
	for _, node := range t.Nodes {
		cpu, memory := size(Amounts{node.CPU, node.Memory})
		rooms = append(rooms, &room{node: node, cpu: cpu, memory: memory, pods: int64(node.Pods)})
	}
	return rooms
}

// size is a pair of amounts as whole numbers, each at least 1.
func size(a Amounts) (cpu, memory int64) {
	if a.CPU.Cmp(mostCPU) > 0 {
		a.CPU = mostCPU
	}
	if a.Memory.Cmp(mostMemory) > 0 {
		a.Memory = mostMemory
	}
	return max(a.CPU.MilliValue(), 1), max(a.Memory.Value(), 1)
}

// fits counts the pods of a set that the room still takes.
func (r *room) fits(set podSet) int64 {
	cpu, memory := size(set.resources.Requests)
	fit := min(r.cpu/cpu, r.memory/memory, r.pods)
	if set.spread != anywhere {
		fit = min(fit, 1)
	}
	return fit
}

func (r *room) take(set podSet, count int64) {
	cpu, memory := size(set.resources.Requests)
	r.cpu -= cpu * count
	r.memory -= memory * count
	r.pods -= count
}

func (r *room) text() string {
	return fmt.Sprintf("%s (cpu %s, memory %s, pods %d)", r.node.Name,
		resource.NewMilliQuantity(r.cpu, resource.DecimalSI), resource.NewQuantity(r.memory, resource.BinarySI), r.pods)
}

// validateRoom places all pods and reports the first set that finds no room.
// Those that follow it are not tried: it would have taken room from them.
func (t Topology) validateRoom(into *collector, sets []podSet) {
	rooms := t.rooms()
	for _, set := range t.hardestFirst(sets) {
		if !into.clean(set.key, set.selectorKey()) {
			continue
		}
		var open []*room
		for _, r := range rooms {
			if r.node.takes(set) {
				open = append(open, r)
			}
		}
		wanted, missing := set.place(open)
		if missing > 0 {
			into.add(set.key, "lower its replicas or its requests, or add a node,",
				"%d of the %d pods that it has at most find no room beside the others: each wants cpu %s and memory %s, and left are %s", missing, wanted,
				set.resources.Requests.CPU.String(), set.resources.Requests.Memory.String(), textOf(open, (*room).text))
			return
		}
	}
}

// hardestFirst puts first what has the least choice: what is on every node,
// then what has the fewest nodes, then the largest.
func (t Topology) hardestFirst(sets []podSet) []podSet {
	ordered := slices.Clone(sets)
	slices.SortStableFunc(ordered, func(a, b podSet) int {
		cpuA, memoryA := size(a.resources.Requests)
		cpuB, memoryB := size(b.resources.Requests)
		return cmp.Or(
			cmp.Compare(b.onEvery(), a.onEvery()),
			cmp.Compare(len(t.nodesFor(a)), len(t.nodesFor(b))),
			cmp.Compare(cpuB, cpuA), cmp.Compare(memoryB, memoryA))
	})
	return ordered
}

func (s podSet) onEvery() int {
	if s.spread == everywhere {
		return 1
	}
	return 0
}

// place takes the room of the set's pods and counts those that find none.
// They are spread evenly, as the scheduler does while there is room: the
// fullest node comes first, and what it has no room for is left to the others.
func (s podSet) place(open []*room) (wanted, missing int64) {
	wanted = int64(s.count)
	if s.spread == everywhere {
		wanted = int64(len(open))
	}
	fullest := slices.Clone(open)
	slices.SortStableFunc(fullest, func(a, b *room) int { return cmp.Compare(a.fits(s), b.fits(s)) })
	missing = wanted
	for i, r := range fullest {
		count := min(r.fits(s), missing/int64(len(fullest)-i))
		r.take(s, count)
		missing -= count
	}
	return wanted, missing
}
