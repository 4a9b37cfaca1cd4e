package live

import (
	"net/netip"
	"slices"

	"platform/policy/reach"
)

// metadata is where clouds tell secrets.
var metadata = netip.MustParseAddr("169.254.169.254")

// unusable are networks of which no machine has an address.
var unusable = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("224.0.0.0/3"),
}

// worldAddress is an address that stands for a group of those outside the
// cluster: the given one where it is of the group, else one that no taken
// network has. False where the group has none of IPv4.
func worldAddress(e *reach.Endpoint, outside netip.Addr, taken []netip.Prefix) (netip.Addr, bool) {
	for _, one := range []netip.Addr{outside, metadata} {
		if e.Addresses.Contains(one) {
			return one, true
		}
	}
	taken = append(slices.Clone(taken), unusable...)
	for _, prefix := range e.Addresses.Prefixes() {
		one := prefix.Addr()
		if prefix.Bits() < one.BitLen() {
			one = one.Next() // the first is the network's own
		}
		if one.Is4() && !slices.ContainsFunc(taken, func(p netip.Prefix) bool { return p.Contains(one) }) {
			return one, true
		}
	}
	return netip.Addr{}, false
}
