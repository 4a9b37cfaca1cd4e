package reach

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

type prefix = netip.Prefix

var (
	anyIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	anyIPv6 = netip.MustParsePrefix("::/0")
)

// linkLocalNamed is the name of the addresses at which clouds and nodes serve
// themselves (RFC 3927). They are never joined with others: what a cloud tells
// there is not for everybody.
const linkLocalNamed = "link-local"

var linkLocal = netip.MustParsePrefix("169.254.0.0/16")

// LinkLocal reports whether the endpoint is addresses at which clouds and nodes
// serve themselves.
func (e *Endpoint) LinkLocal() bool {
	return e.Kind == World && e.Addresses.OverlapsPrefix(linkLocal)
}

// Internet reports whether the endpoint is addresses of which ordinary ones of the
// internet are.
func (e *Endpoint) Internet() bool { return e.Kind == World && e.Addresses.Contains(ordinary) }

// worldNamed is the name of the group that an ordinary address of the internet
// lies in.
const worldNamed = "world"

// ordinary is an address of the internet that no list of special networks has.
var ordinary = netip.MustParseAddr("1.1.1.1")

// shownNetworks is how many networks name a group of addresses.
const shownNetworks = 3

// worldName names a group of addresses: the one with most of the internet is
// the world, the others have their networks.
func worldName(group *netipx.IPSet) string {
	if group.Contains(ordinary) {
		return worldNamed
	}
	if prefixes := group.Prefixes(); len(prefixes) == 1 && prefixes[0] == linkLocal {
		return linkLocalNamed
	}
	var networks []string
	for i, one := range group.Prefixes() {
		if i == shownNetworks {
			networks = append(networks, fmt.Sprintf("%d more", len(group.Prefixes())-shownNetworks))
			break
		}
		networks = append(networks, one.String())
	}
	return strings.Join(networks, " ")
}
