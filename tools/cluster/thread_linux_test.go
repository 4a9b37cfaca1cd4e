package cluster

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// The first thread never ends, so what it starts would not either, and what
// namespaces it is in /proc tells of the whole process.
func TestNurserySparesTheFirstThread(t *testing.T) {
	var all []*nursery
	for range 100 { // threads that wait are taken for goroutines, the first one too
		n := newNursery()
		all = append(all, n)
		var thread int
		require.NoError(t, n.do(func() error { thread = unix.Gettid(); return nil }))
		assert.NotEqual(t, unix.Getpid(), thread)
	}
	for _, n := range all {
		n.close()
	}
}
