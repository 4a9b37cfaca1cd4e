package live

import (
	"context"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"platform/policy/reach"
	"platform/tools/cluster"
)

// namespace makes a network of a thread that lives as long as the test.
func namespace(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a network namespace of its own needs root")
	}
	made, end := make(chan int), make(chan struct{})
	cluster.OnThread(func() { // which ends with the namespace
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			made <- 0
			return
		}
		lo, err := netlink.LinkByName("lo")
		if err != nil || netlink.LinkSetUp(lo) != nil {
			made <- 0
			return
		}
		made <- unix.Gettid()
		<-end
	})
	t.Cleanup(func() { close(end) })
	thread := <-made
	if thread == 0 {
		t.Skip("this machine lets nobody make a network namespace")
	}
	return threadNetwork(os.Getpid(), thread)
}

func TestNetworks(t *testing.T) {
	at := namespace(t)
	n := newNetworks()
	address := netip.MustParseAddr("203.0.113.1")
	require.NoError(t, n.play(at, address))
	require.NoError(t, n.play(at, address), "one that is there already stays")
	world := Place{Endpoint: "world", Kind: reach.World, Name: address.String(), Address: address, Network: at}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	require.ErrorIs(t, n.Dial(ctx, world, "203.0.113.1:443"), syscall.ECONNREFUSED)
	require.NoError(t, n.listen(world, []int{443, 65001}))
	require.NoError(t, n.listen(world, []int{443}), "whoever listens already is left alone")
	require.NoError(t, n.Dial(ctx, world, "203.0.113.1:443"))
	require.NoError(t, n.Dial(ctx, world, "203.0.113.1:65001"))
	require.ErrorIs(t, n.Dial(ctx, Place{Network: at, Address: netip.MustParseAddr("203.0.113.9")}, "203.0.113.1:443"), syscall.EADDRNOTAVAIL)
	outcome, err := classify(n.Dial(ctx, world, "198.51.100.1:443"))
	require.NoError(t, err)
	assert.Equal(t, Unreachable, outcome)
	require.NoError(t, n.close())

	after := newNetworks()
	require.NoError(t, after.in(at, func() error {
		lo, err := netlink.LinkByName("lo")
		require.NoError(t, err)
		all, err := netlink.AddrList(lo, netlink.FAMILY_V4)
		require.NoError(t, err)
		for _, one := range all {
			assert.NotEqual(t, "203.0.113.1", one.IP.String(), "the address is taken away again")
		}
		return nil
	}))
	require.NoError(t, after.close())
}
