//go:build !linux

package cluster

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"platform/tools/cluster/machine"
)

// nodeLink is the name of a node's interface.
const nodeLink = "eth0"

// lan is the network of real nodes; there is none on this system.
type lan struct{ thread int }

var errLAN = errors.New("real nodes need Linux")

func newLAN(*nursery, netip.Prefix, netip.Prefix) (*lan, error) { return nil, errLAN }

func (*lan) attach(int, int, machine.Network, netip.Prefix) error { return errLAN }

func (*lan) dial(context.Context, string) (net.Conn, error) { return nil, errLAN }

func (*lan) listen(string) (net.Listener, error) { return nil, errLAN }

func (*lan) close() error { return nil }
