package network

import (
	"net/netip"
	"slices"
	"strconv"

	"platform/policy/pack"
)

// The widest block of public addresses that still means somebody: the largest
// that registries hand out. Two halves of the Internet are the Internet.
const (
	widestIPv4 = 8
	widestIPv6 = 16
)

// privateIPv6 is the range of addresses that no router of the Internet knows.
const privateIPv6 = 7

// worldwide tells whether a block of addresses is the Internet, or so much of
// it that it means nobody. What cannot be read means everybody.
func worldwide(cidr string) bool {
	block, err := netip.ParsePrefix(cidr)
	if err != nil {
		return true
	}
	switch {
	case block.Addr().Is4():
		return block.Bits() < widestIPv4
	case block.Addr().IsPrivate():
		return block.Bits() < privateIPv6
	default:
		return block.Bits() < widestIPv6
	}
}

// includes tells whether a peer's block includes an address.
func includes(block pack.Value, address netip.Addr) bool {
	within := func(cidr pack.Value) bool {
		prefix, err := netip.ParsePrefix(cidr.Text())
		return err == nil && prefix.Contains(address)
	}
	return within(block.At("cidr")) && !pack.Some(block.At("except").Items(), within)
}

// everybody tells whether a peer is the Internet, or every pod of the cluster.
func everybody(peer pack.Value) bool {
	if block := peer.At("ipBlock"); block.Set() {
		return worldwide(block.At("cidr").Text())
	}
	namespaces := peer.At("namespaceSelector")
	return namespaces.Set() && selector(namespaces).Empty() && selector(peer.At("podSelector")).Empty()
}

// open is what opens a rule of a policy to everybody: its peers, named by from
// or to, where there are none, or one of them; false where none does.
func open(peers pack.Value) (pack.Value, bool) {
	if len(peers.Items()) == 0 {
		return peers, true
	}
	return pack.First(peers.Items(), everybody)
}

// between tells whether a port is within a range.
func between(port string, from, to int) bool {
	number, err := strconv.Atoi(port)
	return err == nil && from <= number && number <= to
}

// unlisted is the first port of a rule that a list does not have, or the rule's
// ports where it names none and so opens all.
func unlisted(rule pack.Value, listed []string) (pack.Value, bool) {
	ports := rule.At("ports")
	if len(ports.Items()) == 0 {
		return ports, true
	}
	return pack.First(ports.Items(), func(port pack.Value) bool {
		return port.At("endPort").Set() || !slices.Contains(listed, port.At("port").Port())
	})
}

// within is between for a range that is written as text.
func within(port, from, to string) bool {
	first, err := strconv.Atoi(from)
	final, errFinal := strconv.Atoi(to)
	return err == nil && errFinal == nil && between(port, first, final)
}
