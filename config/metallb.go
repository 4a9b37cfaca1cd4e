package config

import (
	"fmt"
	"strings"

	"go4.org/netipx"
)

// MetalLB configures the addresses that Services of type LoadBalancer get.
type MetalLB struct {
	Namespace     string        `key:"namespace"`     // where it runs; default metallb-system
	Pools         []AddressPool `key:"pools"`         // by name
	Advertisement string        `key:"advertisement"` // of all pools, by L2; default compute-l2
}

// AddressPool is a set of addresses.
type AddressPool struct {
	Name      string   `key:"name"`
	Addresses []string `key:"addresses"` // each FIRST-LAST or a network
}

const (
	// DefaultMetalLBNamespace is where its own manifests install it.
	DefaultMetalLBNamespace = "metallb-system"
	// DefaultAdvertisement announces the pools on the nodes' network.
	DefaultAdvertisement = "compute-l2"
)

// addressRange is one entry of a pool and the key that it comes from.
type addressRange struct {
	netipx.IPRange
	key, text string
}

// validateAddresses checks the pools, and that the gateway's address is one of
// theirs.
func (c *EddCloud) validateAddresses(into *collector) {
	const key = "metallb"
	c.validateLoadBalancer(into, key+".namespace")
	into.label(key+".advertisement", c.MetalLB.Advertisement, "write a name such as "+DefaultAdvertisement)
	if len(c.MetalLB.Pools) == 0 {
		into.add(key+".pools", "list a pool", "it lists none, and the gateway's address comes from one")
	}
	var ranges []addressRange
	names := map[string]int{}
	for i, pool := range c.MetalLB.Pools {
		at := fmt.Sprintf("%s.pools[%d]", key, i)
		if into.name(at+".name", pool.Name, "the pool") {
			into.unique(at+".name", pool.Name, key+".pools", i, names)
		}
		ranges = append(ranges, pool.ranges(into, at+".addresses")...)
	}
	c.validateRanges(into, ranges)
	c.validateGatewayAddress(into, ranges)
}

// validateLoadBalancer checks that pools are written where the controller of
// this cluster reads them.
func (c *EddCloud) validateLoadBalancer(into *collector, key string) {
	const runs = "topology.loadBalancer.namespace"
	switch {
	case !into.clean(runs): // it is the default of the other
	case !into.label(key, c.MetalLB.Namespace, "write the namespace of MetalLB, such as "+DefaultMetalLBNamespace):
	case c.Topology.LoadBalancer.Namespace == "":
		into.add(runs, "write the namespace of MetalLB, such as "+DefaultMetalLBNamespace,
			"it is empty, and the gateway's address comes from MetalLB")
	case c.MetalLB.Namespace != c.Topology.LoadBalancer.Namespace:
		into.add(key, "write "+c.Topology.LoadBalancer.Namespace+", or leave it out,",
			"%q is not %s, %q, where MetalLB reads its pools", c.MetalLB.Namespace, runs, c.Topology.LoadBalancer.Namespace)
	}
}

// ranges reads the addresses of a pool and reports those that are none.
func (p AddressPool) ranges(into *collector, key string) []addressRange {
	if len(p.Addresses) == 0 {
		into.add(key, "list a range such as 192.168.3.150-192.168.3.200", "it lists none")
	}
	var ranges []addressRange
	for i, text := range p.Addresses {
		at := fmt.Sprintf("%s[%d]", key, i)
		if one, ok := into.addressRange(at, text); ok {
			ranges = append(ranges, addressRange{one, at, text})
		}
	}
	return ranges
}

// validateRanges checks that no address belongs to two, be it in two pools, to
// a node or to a pod.
func (c *EddCloud) validateRanges(into *collector, ranges []addressRange) {
	for i, one := range ranges {
		for _, other := range ranges[:i] {
			if one.Overlaps(other.IPRange) {
				into.add(one.key, "shorten or move one of the two", "%s overlaps %s, %s", one.text, other.key, other.text)
			}
		}
		for _, node := range c.Topology.Nodes {
			if one.Contains(node.Address) {
				into.add(one.key, "leave it out of the range", "%s holds %s, the address of node %s", one.text, node.Address, node.Name)
			}
		}
		if pods := c.Topology.PodNetwork; pods.IsValid() && one.Overlaps(netipx.RangeOfPrefix(pods)) {
			into.add(one.key, "choose addresses of the nodes' network", "%s lies in the pods' network, %s", one.text, pods)
		}
	}
}

func (c *EddCloud) validateGatewayAddress(into *collector, ranges []addressRange) {
	const key = "gateway.address"
	if !into.clean(key, "metallb.pools") {
		return
	}
	texts := make([]string, 0, len(ranges))
	for _, one := range ranges {
		if one.Contains(c.Gateway.Address) {
			return
		}
		texts = append(texts, one.text)
	}
	into.add(key, "choose one of them", "%s lies in no pool of %s:metallb: they have %s", c.Gateway.Address, Namespace, strings.Join(texts, ", "))
}
