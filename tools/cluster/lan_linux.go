package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"platform/tools/cluster/machine"
)

// The names of the interfaces: of the bridge at the control plane, where the
// world outside is a further address of loopback, and of the one connection at
// each node.
const (
	bridgeName   = "nodes"
	loopbackName = "lo"
	nodeLink     = "eth0"
)

// lan is the network namespace that the control plane is in. A bridge connects
// the nodes to it, and it plays the world outside the cluster.
type lan struct {
	nursery *nursery
	file    *os.File // of the namespace
	thread  int      // that is in it as long as the cluster runs
}

// newLAN gives the nursery's thread, and so whatever it starts from now on, a
// network of its own. Nothing of it is visible outside, and it ends with the
// last process in it.
func newLAN(n *nursery, bridge, outside netip.Prefix) (*lan, error) {
	l := &lan{nursery: n}
	err := n.do(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return err
		}
		l.thread = unix.Gettid()
		var err error
		if l.file, err = os.Open("/proc/thread-self/ns/net"); err != nil {
			return err
		}
		return furnishLAN(bridge, outside)
	})
	if err != nil {
		return nil, fmt.Errorf("network of the nodes: %w", err)
	}
	return l, nil
}

// furnishLAN makes what the network has from the beginning. It runs on a thread
// that is in it.
func furnishLAN(bridge, outside netip.Prefix) error {
	for path, value := range map[string]string{
		"/proc/sys/net/ipv4/ip_forward":                "1",
		"/proc/sys/net/ipv4/conf/all/rp_filter":        "0",
		"/proc/sys/net/ipv4/conf/default/rp_filter":    "0",
		"/proc/sys/net/bridge/bridge-nf-call-iptables": "0",
	} {
		if err := os.WriteFile(path, []byte(value), 0o644); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: bridgeName}}); err != nil {
		return fmt.Errorf("interface %s: %w", bridgeName, err)
	}
	for name, address := range map[string]netip.Prefix{bridgeName: bridge, loopbackName: outside} {
		link, err := netlink.LinkByName(name)
		if err == nil {
			err = netlink.AddrAdd(link, &netlink.Addr{IPNet: ipNet(address)})
		}
		if err == nil {
			err = netlink.LinkSetUp(link)
		}
		if err != nil {
			return fmt.Errorf("interface %s: %w", name, err)
		}
	}
	return nil
}

// attach connects the machine of a process to the bridge, and leads what is for
// its pods to it.
func (l *lan) attach(pid, index int, at machine.Network, pods netip.Prefix) error {
	return l.nursery.do(func() error {
		bridge, err := netlink.LinkByName(bridgeName)
		if err != nil {
			return fmt.Errorf("interface %s: %w", bridgeName, err)
		}
		link := &netlink.Veth{
			LinkAttrs: netlink.LinkAttrs{Name: "node" + strconv.Itoa(index), MasterIndex: bridge.Attrs().Index, Flags: net.FlagUp},
			PeerName:  at.Interface, PeerNamespace: netlink.NsPid(pid),
		}
		if err := netlink.LinkAdd(link); err != nil {
			return fmt.Errorf("interface %s: %w", link.Name, err)
		}
		if err := netlink.RouteReplace(&netlink.Route{LinkIndex: bridge.Attrs().Index, Dst: ipNet(pods), Gw: at.Address.Addr().AsSlice()}); err != nil {
			return fmt.Errorf("route to %s: %w", pods, err)
		}
		return nil
	})
}

// dial connects to an address as a program in the network would.
func (l *lan) dial(ctx context.Context, address string) (net.Conn, error) {
	return DialIn(ctx, l.file, address, netip.Addr{})
}

// listen takes a port of an address of the network.
func (l *lan) listen(address string) (net.Listener, error) {
	var listener net.Listener
	err := l.nursery.do(func() error {
		var err error
		listener, err = net.Listen("tcp", address)
		return err
	})
	return listener, err
}

func ipNet(prefix netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: prefix.Addr().AsSlice(), Mask: net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())}
}

// close frees the namespace, which ends with the last process in it.
func (l *lan) close() error { return l.file.Close() }

// DialIn connects to an address, which is no name, from inside a network
// namespace; the connection may be used anywhere. The local address is the
// system's choice where from is none.
func DialIn(ctx context.Context, namespace *os.File, address string, from netip.Addr) (net.Conn, error) {
	type result struct {
		conn net.Conn
		err  error
	}
	done := make(chan result, 1)
	OnThread(func() {
		if err := unix.Setns(int(namespace.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- result{nil, fmt.Errorf("network namespace: %w", err)}
			return
		}
		var dialer net.Dialer
		if from.IsValid() {
			dialer.LocalAddr = &net.TCPAddr{IP: from.AsSlice()}
		}
		conn, err := dialer.DialContext(ctx, "tcp", address)
		done <- result{conn, err}
	})
	r := <-done
	return r.conn, r.err
}
