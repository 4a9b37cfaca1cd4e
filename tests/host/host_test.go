package host_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/host"
)

// A port is given once at a time, although nobody listens there, and never one
// that the kernel could give to an outgoing connection.
func TestAPortIsOfOneTest(t *testing.T) {
	seen := map[int]bool{}
	for range 200 {
		port := host.FreePort(t)
		assert.False(t, seen[port], "%d was given twice", port)
		seen[port] = true
		assert.Less(t, port, firstOutgoing(t))
	}
}

// firstOutgoing is the lowest port that the kernel gives to connections.
func firstOutgoing(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if os.IsNotExist(err) {
		t.Skip("only Linux tells its range in a file")
	}
	require.NoError(t, err)
	first, err := strconv.Atoi(strings.Fields(string(text))[0])
	require.NoError(t, err, "%q", text)
	return first
}
