package config

import (
	"fmt"
	"net/netip"
)

// egress checks a list of ways out of the namespace.
func (c *collector) egress(key string, list []Egress) {
	seen := map[string]int{}
	for i, out := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		if c.label(at+".name", out.Name, "write a short name such as oidc") {
			c.unique(at+".name", out.Name, key, i, seen)
		}
		c.between(at+".port", out.Port, 1, 65535)
		if c.prefix(at+".cidr", out.CIDR) {
			c.except(at+".except", out.CIDR, out.Except)
		}
	}
}

// except checks the holes in a network: Kubernetes takes none that lies
// outside it, and one as large as the network would close it.
func (c *collector) except(key string, network netip.Prefix, holes []netip.Prefix) {
	for i, hole := range holes {
		at := fmt.Sprintf("%s[%d]", key, i)
		switch {
		case !c.prefix(at, hole):
		case hole == network:
			c.add(at, "remove it, or the whole entry,", "%s is the whole of cidr: nothing would be left", hole)
		case hole.Bits() < network.Bits() || !network.Contains(hole.Addr()):
			c.add(at, "remove it or move it inside", "%s does not lie inside cidr %s", hole, network)
		}
	}
}

// prefix checks that a network is set and that its host bits are zero.
func (c *collector) prefix(key string, network netip.Prefix) bool {
	switch {
	case !network.IsValid():
		c.add(key, "write a network such as 10.0.0.0/8", "it is empty")
	case network.Addr().Is4In6():
		c.add(key, "write it in the form of IPv4, such as 10.0.0.0/8,", "%s is a network of IPv4 in the form of IPv6, which Kubernetes refuses", network)
	case network != network.Masked():
		c.add(key, "write "+network.Masked().String(), "%s has bits set beyond its length", network)
	default:
		return true
	}
	return false
}

// unique checks that no earlier item of a list has the same name.
func (c *collector) unique(key, name, list string, index int, seen map[string]int) {
	if first, taken := seen[name]; taken {
		c.add(key, "rename one of the two", "%q is the name of %s[%d] already", name, list, first)
		return
	}
	seen[name] = index
}
