package config

import (
	"fmt"
	"net/netip"
)

// Egress opens one way out of the namespace.
type Egress struct {
	Name   string         `key:"name"` // what is there, for the reader
	CIDR   netip.Prefix   `key:"cidr"`
	Except []netip.Prefix `key:"except"` // inside CIDR
	Port   int            `key:"port"`
}

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
