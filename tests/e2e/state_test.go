//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/cluster"
)

// TestStateIsKept moves what a stack has kept, while its cluster runs: out of the
// place of an earlier version, and after a checkout that was moved.
func TestStateIsKept(t *testing.T) {
	if !everyCase {
		t.Skip("make e2e-every moves states of clusters that run; tests of package engine move all others")
	}
	t.Parallel()
	c := newCheckout(t, "local")
	c.make("up")
	l := connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
	before, digests := l.inventory(), l.digests()
	unchanged := func(out, from string) {
		t.Helper()
		assert.Zero(t, count(out, "created")+count(out, "updated")+count(out, "deleted"), out)
		assert.Contains(t, out, from)
		assert.Contains(t, out, c.home("")+" now", out)
		l := connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
		assert.Equal(t, before, l.inventory())
		assert.Equal(t, digests, l.digests())
	}
	t.Run("an earlier version's", func(t *testing.T) {
		old := runsAsBefore(t, c)
		assert.Contains(t, c.make("kubeconfig"), old, "who only looks moves nothing")
		unchanged(c.make("up"), old)
		assert.NoDirExists(t, old)
	})
	t.Run("a checkout that was moved", func(t *testing.T) {
		old, moved := c.home(""), c.dir+"-moved"
		require.NoError(t, os.Rename(c.dir, moved))
		c.dir = moved
		unchanged(c.make("up"), old)
		assert.NoDirExists(t, old)
		assert.NotContains(t, c.make("up"), " now", "once")
	})
	t.Run("another checkout's", func(t *testing.T) {
		other := newCheckout(t, "local")
		other.stacks = c.stacks
		assert.Contains(t, other.make("clean"), "local of "+c.dir+", in "+c.home(""))
		c.make("preview", "ARGS=--expect-no-changes")
	})
	c.make("clean")
	assert.NoDirExists(t, c.home(""))
}

// runsAsBefore has the stack's cluster run where an earlier version has kept it,
// and returns that folder.
func runsAsBefore(t *testing.T, c *checkout) string {
	t.Helper()
	old := filepath.Join(c.stacks, c.stack)
	require.NoError(t, cluster.Down(t.Context(), filepath.Join(c.home(""), "cluster")))
	require.NoError(t, os.Rename(c.home(""), old))
	require.NoError(t, os.Remove(filepath.Join(old, "stack.json")))
	dir := filepath.Join(old, "cluster")
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, filepath.Join(c.dir, "bin", "platformctl"), "--stack", c.stack, "cluster", "run", "--dir", dir)
	cmd.Dir, cmd.Env = c.dir, c.environ()
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cancel(); <-ended })
	require.Eventually(t, func() bool {
		state, err := cluster.Status(dir)
		require.NoError(t, err)
		return state.Ready
	}, time.Minute, 100*time.Millisecond)
	return old
}
