//go:build e2e

package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// loopbacks are 127.0.0.1, the same in IPv6, and ::1, as the system's tables
// print them.
var loopbacks = []string{"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}

// checkLoopback asserts that no process of a cluster can be reached from
// another machine. Etcd alone must listen, else nothing was found.
func checkLoopback(t *testing.T, c *Cluster) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("reads the tables of Linux")
	}
	for _, p := range c.processes {
		found := listeners(t, p.PID)
		for _, address := range found {
			assert.Contains(t, loopbacks, strings.Split(address, ":")[0], "%s listens on %s", p.name, address)
		}
		if p.name == etcdName {
			assert.Len(t, found, 2, "for clients and for peers")
		}
	}
}

// listeners are the local addresses, in hexadecimal digits, of the sockets that
// a process listens on.
func listeners(t *testing.T, pid int) []string {
	t.Helper()
	descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	require.NoError(t, err)
	own := map[string]bool{}
	for _, one := range descriptors {
		if target, err := os.Readlink(one); err == nil { // it may be closed by now
			own[target] = true
		}
	}
	var found []string
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join("/proc/net", table))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			const address, state, inode, listening = 1, 3, 9, "0A"
			fields := strings.Fields(line)
			if len(fields) > inode && fields[state] == listening && own["socket:["+fields[inode]+"]"] {
				found = append(found, fields[address])
			}
		}
	}
	return found
}
