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
		assert.GreaterOrEqual(t, *port, 20000)
		assert.LessOrEqual(t, *port, 29999)
		assert.False(t, seen[*port], "port %d twice", *port)
		seen[*port] = true
	}

	first.release()
	again, err := choosePorts(at)
	require.NoError(t, err)
	assert.Equal(t, first.each(), again.each())
	again.release()

	other, err := net.Listen("tcp", loopback(first.Etcd))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, other.Close()) })
	changed, err := choosePorts(at)
	require.NoError(t, err)
	t.Cleanup(changed.release)
	for _, port := range changed.each() {
		assert.NotEqual(t, first.APIServer/blockSize, *port/blockSize, "another block")
	}
}

// Two clusters that start at once find the same ports free, as neither listens.
func TestPortsAreThoseOfOneCluster(t *testing.T) {
	first, err := choosePorts(layout(t.TempDir()))
	require.NoError(t, err)
	_, ok := claimBlock(first.APIServer - 1)
	assert.False(t, ok, "it has them as long as it lives")
	first.release()
	again, ok := claimBlock(first.APIServer - 1)
	require.True(t, ok)
	again.release()
}

func TestBrokenPortsAreChosenAnew(t *testing.T) {
	at := layout(t.TempDir())
	require.NoError(t, os.WriteFile(at.ports(), []byte(`{"APIServer":80,"Etcd":`), 0o600))
	chosen, err := choosePorts(at)
	require.NoError(t, err)
	t.Cleanup(chosen.release)
	assert.Greater(t, chosen.APIServer, lowestPort)
}
