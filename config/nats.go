package config

import (
	"fmt"
	"time"
)

// NATS configures the message bus.
type NATS struct {
	Build
	Replicas      int               `key:"replicas"` // 1, or an odd number from 3 on for a cluster; default 1
	NodeSelector  map[string]string `key:"nodeSelector"`
	Resources     Resources         `key:"resources"`
	StorageGiB    int               `key:"storageGiB"`
	StorageClass  string            `key:"storageClass"`
	MemoryMiB     int               `key:"memoryMiB"`     // of streams in memory; default 512
	FileMiB       int               `key:"fileMiB"`       // that streams in files may reserve; default four fifths of the claim, or what the known streams need where that is more
	LameDuckDrain time.Duration     `key:"lameDuckDrain"` // over which a cluster's server sends its clients to the others at a stop; default 30s
}

const (
	// DefaultNATSMemoryMiB is the memory that streams may fill; half of the
	// server's memory limit is left for connections and buffers.
	DefaultNATSMemoryMiB = 512
	// DefaultNATSFileShare is the part of the claim, in percent, that streams
	// may fill. The rest is for their indexes: a full volume stops every stream.
	// It bounds the streams that services make, and is the least of what all may
	// reserve.
	DefaultNATSFileShare = 80
	// DefaultLameDuckDrain is the shortest that the server takes.
	DefaultLameDuckDrain = 30 * time.Second
)

var defaultNATSResources = NewResources("100m", "256Mi", "500m", "1Gi")

// applyDefaults lets streams reserve what the volume carries, or what those that
// are known need where that is more: see [NATS.validateFile].
func (n *NATS) applyDefaults(room int) {
	setDefault(&n.Replicas, DefaultServiceReplicas)
	n.Resources.fill(defaultNATSResources)
	setDefault(&n.MemoryMiB, DefaultNATSMemoryMiB)
	setDefault(&n.FileMiB, max(n.bearableMiB(), room))
	setDefault(&n.LameDuckDrain, DefaultLameDuckDrain)
}

// shortestLameDuck is the least that the server accepts: with less it does not
// start.
const shortestLameDuck = 30 * time.Second

// longestLameDuck leaves a rollout, which has ten minutes, time to start the
// next server.
const longestLameDuck = 5 * time.Minute

// MostMemoryMiB is how much of the memory limit a server and its streams may
// fill: nine tenths. The rest is for what Go does not count.
func (n NATS) MostMemoryMiB() int { return n.Resources.LimitMiB() * 9 / 10 }

func (n NATS) validate(into *collector) {
	const key = "nats"
	into.runs(key, n.Build, n.Resources, n.NodeSelector)
	into.positive(key+".replicas", n.Replicas)
	if n.Replicas > 1 && n.Replicas%2 == 0 {
		into.add(key+".replicas", fmt.Sprintf("choose %d or %d", n.Replicas-1, n.Replicas+1),
			"%d servers carry the loss of no more than %d do: more than half must agree", n.Replicas, n.Replicas-1)
	}
	into.positive(key+".storageGiB", n.StorageGiB)
	into.positive(key+".memoryMiB", n.MemoryMiB)
	if limit := n.Resources.Limits.Memory; into.clean(key+".resources.limits.memory", key+".memoryMiB") {
		if most := n.MostMemoryMiB(); n.MemoryMiB > most {
			into.add(key+".memoryMiB", fmt.Sprintf("lower it to %d, or raise the limit,", most),
				"%d MiB is over nine tenths of the memory limit of %s: the container would be killed before it refuses messages", n.MemoryMiB, limit.String())
		}
	}
	switch {
	case n.LameDuckDrain < shortestLameDuck:
		into.add(key+".lameDuckDrain", "raise it to "+shortestLameDuck.String()+" or more",
			"%s is under the floor of %s, which the server sets", n.LameDuckDrain, shortestLameDuck)
	case n.LameDuckDrain > longestLameDuck:
		into.add(key+".lameDuckDrain", "lower it to "+longestLameDuck.String()+" or less",
			"%s is over %s, and a rollout would time out before the next server is up", n.LameDuckDrain, longestLameDuck)
	}
}

// bearableMiB is what streams may hold at most for their indexes to have room
// on the volume beside them.
func (n NATS) bearableMiB() int {
	return mebibytes(binary(n.StorageGiB, "Gi")) * DefaultNATSFileShare / 100
}

// validateFile checks both bounds. What streams reserve is a promise: NATS
// counts it when it makes a stream and when it starts, whatever they hold, so
// the limit has to cover all that there are, or some are gone after a restart.
// What they hold lies on the volume: the streams that services write to have to
// fit there even when each is full. Those of before are written to no more, and
// their messages grow old, so that the limit may be over the claim for them.
func (c *EddCloud) validateFile(into *collector) {
	const key = "nats"
	n := c.NATS
	if !into.clean(key+".storageGiB", "services") {
		return // there is nothing to compare with
	}
	if into.positive(key+".fileMiB", n.FileMiB); n.FileMiB < 1 {
		return
	}
	room, made := c.roomForStreams(), reserved(c.Streams())
	claim := mebibytes(binary(n.StorageGiB, "Gi"))
	switch {
	case n.FileMiB < room:
		into.add(key+".fileMiB", fmt.Sprintf("raise it to %d, or leave it out,", room),
			"%d MiB is less than the streams reserve, %d of the stack, %d of before and %d for one more: NATS drops at a restart what does not fit, and stays healthy",
			n.FileMiB, made, reserved(formerStreams()), DefaultStreamReservedMiB)
	case n.FileMiB >= claim && n.FileMiB > room:
		into.add(key+".fileMiB", "lower it, or leave it out,",
			"%d MiB is over the claim of %d MiB and over what the streams need: the volume would be full before the server refuses messages", n.FileMiB, claim)
	}
	if made > n.bearableMiB() {
		into.add(key+".storageGiB", "raise it, or have streams reserve less,",
			"the streams of the stack may hold %d MiB, and %d of %d MiB are left beside their indexes: a full volume stops every stream", made, n.bearableMiB(), claim)
	}
}

// bus is the servers of NATS, whose volumes allow no second pod each.
func (c *EddCloud) bus() podSet {
	n := c.NATS
	return podSet{key: "nats", count: n.Replicas, resources: n.Resources, selector: n.NodeSelector, build: n.Build, spread: apart}
}

// validateBus checks that each server of a cluster finds a node of its own: two
// on one node would fall together.
func (c *EddCloud) validateBus(into *collector) {
	const key = "nats"
	nodes := c.Topology.nodesFor(c.bus())
	if len(nodes) > 0 && c.NATS.Replicas > len(nodes) && into.clean(key+".replicas", key+".nodeSelector") {
		into.add(key+".replicas", "lower it, or label more nodes in "+Namespace+":topology.nodes,",
			"%d servers need a node each, and %s matches %d: %s", c.NATS.Replicas, selectorText(c.NATS.NodeSelector), len(nodes), textOf(nodes, Node.name))
	}
}
