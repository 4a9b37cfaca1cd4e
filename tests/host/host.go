// Package host gives tests what they need of the machine that they run on.
package host

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"testing"
)

// Ports are drawn from below the range that systems give to outgoing
// connections (32768 and up on Linux), one of which could take a port while the
// server that a test starts again is down. Clusters of this project take 20000
// to 29999.
const (
	lowest = 12000
	pairs  = 4000
	tries  = 1000
)

// FreePort returns a port of loopback that nobody listens on. It stays the test's
// until the test ends, also while no server listens on it: FreePort listens on the
// port below it, so that no other test on this machine gets the same one. It fails
// the test if no port is free.
func FreePort(t testing.TB) int {
	t.Helper()
	for range tries {
		first := lowest + 2*rand.IntN(pairs) //nolint:gosec // two tests must differ, nobody must be kept from guessing
		claim, err := listen(first)
		if err != nil {
			continue
		}
		server, err := listen(first + 1)
		if err != nil {
			_ = claim.Close()
			continue
		}
		_ = server.Close() // nobody connected
		t.Cleanup(func() { _ = claim.Close() })
		return first + 1
	}
	t.Fatalf("no port of %d to %d is free on loopback; end what listens there", lowest, lowest+2*pairs-1)
	return 0
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
}

// Lacks ends a test for which this machine lacks something. It skips the test;
// with CI=true, where earlier steps have installed everything, it fails it.
func Lacks(t testing.TB, what any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
