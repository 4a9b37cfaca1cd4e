package config

import (
	"fmt"
	"time"
)

// shortestLameDuck is the least that the server accepts: with less it does not
// start.
const shortestLameDuck = 30 * time.Second

// longestLameDuck leaves a rollout, which has ten minutes, time to start the
// next server.
const longestLameDuck = 5 * time.Minute

// natsMemoryShare is how much of the memory limit streams may fill, in
// percent: the server itself needs the rest.
const natsMemoryShare = 90

func (n NATS) validate(into *collector) {
	const key = "nats"
	into.runs(key, n.Build, n.Resources, n.NodeSelector)
	into.positive(key+".replicas", n.Replicas)
	if n.Replicas > 1 && n.Replicas%2 == 0 {
		into.add(key+".replicas", fmt.Sprintf("choose %d or %d", n.Replicas-1, n.Replicas+1),
			"%d servers bear the loss of no more than %d do: more than half must agree", n.Replicas, n.Replicas-1)
	}
	into.positive(key+".storageGiB", n.StorageGiB)
	into.positive(key+".memoryMiB", n.MemoryMiB)
	if limit := n.Resources.Limits.Memory; into.clean(key+".resources.limits.memory", key+".memoryMiB") {
		if most := mebibytes(limit) * natsMemoryShare / 100; n.MemoryMiB > most {
			into.add(key+".memoryMiB", fmt.Sprintf("lower it to %d, or raise the limit,", most),
				"%d MiB is over nine tenths of the memory limit of %s: the container would be killed before it refuses messages", n.MemoryMiB, limit.String())
		}
	}
	n.validateFile(into, key)
	switch {
	case n.LameDuckDrain < shortestLameDuck:
		into.add(key+".lameDuckDrain", "raise it to "+shortestLameDuck.String()+" or more",
			"%s is under the floor of %s, which the server sets", n.LameDuckDrain, shortestLameDuck)
	case n.LameDuckDrain > longestLameDuck:
		into.add(key+".lameDuckDrain", "lower it to "+longestLameDuck.String()+" or less",
			"%s is over %s, and a rollout would time out before the next server is up", n.LameDuckDrain, longestLameDuck)
	}
}

func (n NATS) validateFile(into *collector, key string) {
	if !into.clean(key + ".storageGiB") {
		return // there is nothing to compare with
	}
	into.positive(key+".fileMiB", n.FileMiB)
	if files, claim := binary(n.FileMiB, "Mi"), binary(n.StorageGiB, "Gi"); files.Cmp(claim) >= 0 {
		into.add(key+".fileMiB", "lower it, or leave it out,",
			"%d MiB is not under the claim of %s: the volume would be full before the server refuses messages", n.FileMiB, claim.String())
	}
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
