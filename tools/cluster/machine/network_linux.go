package machine

import (
	"fmt"
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
)

// settings of the machine's network, as every node of a cluster has them:
// packets go on to pods, and those between pods of one node pass its rules.
var settings = map[string]string{
	"/proc/sys/net/ipv4/ip_forward":                "1",
	"/proc/sys/net/ipv4/conf/all/rp_filter":        "0",
	"/proc/sys/net/ipv4/conf/default/rp_filter":    "0",
	"/proc/sys/net/bridge/bridge-nf-call-iptables": "1",
}

// connect gives the machine's interface its address and its routes.
func (m Machine) connect() error {
	for path, value := range settings {
		if err := os.WriteFile(path, []byte(value), 0o644); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("network: %w", err)
		}
	}
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("network: lo: %w", err)
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return fmt.Errorf("network: lo: %w", err)
	}
	if m.Network.Interface == "" {
		return nil
	}
	link, err := netlink.LinkByName(m.Network.Interface)
	if err != nil {
		return fmt.Errorf("network: %s: %w", m.Network.Interface, err)
	}
	if err := netlink.AddrAdd(link, &netlink.Addr{IPNet: ipNet(m.Network.Address)}); err != nil {
		return fmt.Errorf("network: %s: address %s: %w", m.Network.Interface, m.Network.Address, err)
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return fmt.Errorf("network: %s: %w", m.Network.Interface, err)
	}
	all := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	for _, route := range append([]Route{{To: all, Via: m.Network.Gateway}}, m.Network.Routes...) {
		if err := netlink.RouteAdd(&netlink.Route{LinkIndex: link.Attrs().Index, Dst: ipNet(route.To), Gw: net.IP(route.Via.AsSlice())}); err != nil {
			return fmt.Errorf("network: route to %s by %s: %w", route.To, route.Via, err)
		}
	}
	return nil
}

func ipNet(prefix netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
}
