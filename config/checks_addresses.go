package config

import (
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// addressRange reads FIRST-LAST or a network.
func (c *collector) addressRange(key, text string) (netipx.IPRange, bool) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		return c.network(key, text)
	}
	from, err := netip.ParseAddr(strings.TrimSpace(first))
	to, err2 := netip.ParseAddr(strings.TrimSpace(last))
	switch {
	case err != nil || err2 != nil || from.Zone() != "" || to.Zone() != "":
		c.notRange(key, text)
	case from.Is4() != to.Is4():
		c.add(key, "write both ends in one", "%q mixes IPv4 and IPv6", text)
	case to.Less(from):
		c.add(key, "swap its ends", "%q runs backwards", text)
	default:
		return netipx.IPRangeFrom(from, to), true
	}
	return netipx.IPRange{}, false
}

func (c *collector) network(key, text string) (netipx.IPRange, bool) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		c.notRange(key, text)
		return netipx.IPRange{}, false
	}
	return netipx.RangeOfPrefix(network), c.prefix(key, network)
}

func (c *collector) notRange(key, text string) {
	c.add(key, "write it as 192.168.3.150-192.168.3.200 or 192.168.3.128/26", "%s is neither FIRST-LAST nor a network", orEmpty(text))
}
