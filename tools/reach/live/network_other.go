//go:build !linux

package live

import (
	"context"
	"errors"
	"net/netip"
)

var errSystem = errors.New("real nodes, and with them what is measured on them, need Linux")

// networks are network namespaces; there are none on this system.
type networks struct{}

func newNetworks() *networks { return &networks{} }

func nodeNetwork(int) string { return "" }

func threadNetwork(int, int) string { return "" }

func (*networks) pods(int) (map[netip.Addr]string, error) { return nil, errSystem }

func (*networks) file(string) (any, error) { return nil, errSystem }

func (*networks) listen(Place, []int) error { return errSystem }

func (*networks) play(string, netip.Addr) error { return errSystem }

// Dial never connects.
func (*networks) Dial(context.Context, Place, string) error { return errSystem }

func (*networks) close() error { return nil }
