package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"platform/tools/cluster"
	"platform/tools/cluster/machine"
)

// networks are the network namespaces that one measures from, and what is
// opened in them for that.
type networks struct {
	files     map[string]*os.File // by path
	listeners []net.Listener
	outside   string       // namespace that has the addresses
	addresses []netip.Addr // that were added to it
}

func newNetworks() *networks { return &networks{files: map[string]*os.File{}} }

// nodeNetwork is the network namespace of a process of this machine.
func nodeNetwork(pid int) string { return filepath.Join("/proc", strconv.Itoa(pid), "ns", "net") }

// threadNetwork is that of one of its threads.
func threadNetwork(pid, thread int) string {
	return filepath.Join("/proc", strconv.Itoa(pid), "task", strconv.Itoa(thread), "ns", "net")
}

// file opens a namespace once.
func (n *networks) file(path string) (*os.File, error) {
	if known := n.files[path]; known != nil {
		return known, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("network namespace: %w", err)
	}
	n.files[path] = file
	return file, nil
}

// in runs work inside a network namespace, on a thread that ends with it.
func (n *networks) in(path string, work func() error) error {
	file, err := n.file(path)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	cluster.OnThread(func() {
		if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("network namespace %s: %w", path, err)
			return
		}
		done <- work()
	})
	return <-done
}

// pods are the namespaces of the pods of a node, by their addresses.
func (n *networks) pods(pid int) (map[netip.Addr]string, error) {
	files, err := filepath.Glob(machine.Root(pid, "/run/netns/*"))
	if err != nil {
		return nil, err
	}
	all := map[netip.Addr]string{}
	for _, path := range files {
		var found []net.Addr
		err := n.in(path, func() error {
			var err error
			found, err = net.InterfaceAddrs()
			return err
		})
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.EINVAL) {
			continue // the pod is just coming or going
		}
		if err != nil {
			return nil, err
		}
		for _, one := range found {
			if prefix, err := netip.ParsePrefix(one.String()); err == nil && !prefix.Addr().IsLoopback() {
				all[prefix.Addr()] = path
			}
		}
	}
	return all, nil
}

// listen accepts connections at ports of a place, where the place does not do
// so itself.
func (n *networks) listen(at Place, ports []int) error {
	return n.in(at.Network, func() error {
		for _, port := range ports {
			address := netip.AddrPortFrom(at.Address, uint16(port)).String()
			listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
			if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EADDRNOTAVAIL) {
				continue // it listens itself, or is ending
			}
			if err != nil {
				return fmt.Errorf("listen for %s at %s: %w", at.Name, address, err)
			}
			n.listeners = append(n.listeners, listener)
			go accept(listener)
		}
		return nil
	})
}

func accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return // closed
		}
		_ = conn.Close()
	}
}

// play adds an address to the world outside the cluster for the time being.
func (n *networks) play(outside string, address netip.Addr) error {
	n.outside = outside
	return n.in(outside, func() error {
		link, err := netlink.LinkByName("lo")
		if err != nil {
			return err
		}
		err = netlink.AddrAdd(link, hostAddress(address))
		if errors.Is(err, syscall.EEXIST) {
			return nil // the cluster's own, or of a run that was killed
		}
		if err == nil {
			n.addresses = append(n.addresses, address)
		}
		return err
	})
}

func hostAddress(address netip.Addr) *netlink.Addr {
	return &netlink.Addr{IPNet: &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(address.BitLen(), address.BitLen())}}
}

// Dial connects and hangs up.
func (n *networks) Dial(ctx context.Context, from Place, to string) error {
	conn, err := cluster.DialIn(ctx, n.files[from.Network], to, from.Address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// close ends the listening and takes the addresses away.
func (n *networks) close() error {
	var problems []error
	for _, one := range n.listeners {
		problems = append(problems, one.Close())
	}
	if len(n.addresses) > 0 {
		problems = append(problems, n.in(n.outside, func() error {
			link, err := netlink.LinkByName("lo")
			for _, address := range n.addresses {
				if err == nil {
					err = netlink.AddrDel(link, hostAddress(address))
				}
			}
			return err
		}))
	}
	for _, one := range n.files {
		problems = append(problems, one.Close())
	}
	return errors.Join(problems...)
}
