package cluster

import (
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPortsAreKeptWhereFree(t *testing.T) {
	at := layout(t.TempDir())
	first, err := choosePorts(at)
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, port := range first.each() {
		assert.GreaterOrEqual(t, *port, lowestPort)
		assert.LessOrEqual(t, *port, highestPort)
		assert.False(t, seen[*port], "port %d twice", *port)
		seen[*port] = true
	}

	again, err := choosePorts(at)
	require.NoError(t, err)
	assert.Equal(t, first, again)

	other, err := net.Listen("tcp", loopback(first.Etcd))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, other.Close()) })
	changed, err := choosePorts(at)
	require.NoError(t, err)
	assert.NotEqual(t, first.Etcd, changed.Etcd)
	changed.Etcd = first.Etcd
	assert.Equal(t, first, changed, "only the taken one changes")
}

func TestBrokenPortsAreChosenAnew(t *testing.T) {
	at := layout(t.TempDir())
	require.NoError(t, os.WriteFile(at.ports(), []byte(`{"APIServer":80,"Etcd":`), 0o600))
	chosen, err := choosePorts(at)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, chosen.APIServer, lowestPort)
}
