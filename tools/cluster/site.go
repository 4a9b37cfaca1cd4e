package cluster

import (
	"errors"
	"fmt"
	"net/netip"

	"platform/config"
)

// site is where real nodes are: their network and that of their pods.
type site struct {
	bridge netip.Prefix // the control plane's address, with the length of the nodes' network
	seats  []seat
}

// seat is one node's place.
type seat struct {
	config.Node
	index   int
	address netip.Prefix // with the length of the nodes' network
	pods    netip.Prefix // of its pods
}

// podBits is the length of a node's range of pods, that of Kubernetes itself.
const podBits = 24

// outside is the control plane's second address, which plays the world outside
// the cluster. It is of a range reserved for documentation.
var outside = netip.MustParsePrefix("203.0.113.1/32")

// newSite gives each node of a topology its place.
func newSite(t config.Topology) (site, error) {
	network := t.NodeNetwork
	if !network.IsValid() {
		network = netip.PrefixFrom(netip.MustParseAddr("172.16.0.0"), 16)
	}
	network = network.Masked()
	s := site{bridge: netip.PrefixFrom(last(network), network.Bits())}
	var problems []error
	pods := podNetwork(t)
	if pods.Bits() > podBits || 1<<(podBits-pods.Bits()) < len(t.Nodes) {
		return s, fmt.Errorf("topology.podNetwork: %s has no range of /%d for each of %d nodes; widen it", pods, podBits, len(t.Nodes))
	}
	at := pods.Addr()
	for i, n := range t.Nodes {
		address, err := netip.ParseAddr(nodeAddress(i, n))
		if err != nil || !network.Contains(address) || address == s.bridge.Addr() {
			problems = append(problems, fmt.Errorf("topology.nodes[%d].address: %s is not of the nodes' network %s, or its last; real nodes need one that is", i, address, network))
			continue
		}
		s.seats = append(s.seats, seat{
			Node: n, index: i, address: netip.PrefixFrom(address, network.Bits()), pods: netip.PrefixFrom(at, podBits),
		})
		at = last(netip.PrefixFrom(at, podBits)).Next().Next()
	}
	return s, errors.Join(problems...)
}

// last is the last address of a network of IPv4 that a machine can have: the
// one before its broadcast address.
func last(network netip.Prefix) netip.Addr {
	bytes := network.Masked().Addr().As4()
	for bit := network.Bits(); bit < 31; bit++ {
		bytes[bit/8] |= 1 << (7 - bit%8)
	}
	return netip.AddrFrom4(bytes)
}
