package cluster

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStatus(t *testing.T) {
	empty, err := Status(t.TempDir())
	require.NoError(t, err)
	assert.False(t, empty.Running)
	assert.Zero(t, empty.PID)

	c := claimed(t)
	require.NoError(t, c.writeState(false))
	starting, err := Status(string(c.at))
	require.NoError(t, err)
	assert.True(t, starting.Running)
	assert.False(t, starting.Ready)
	assert.Equal(t, "test", starting.Context)
	require.NoError(t, c.writeState(true))
	running, err := Status(string(c.at))
	require.NoError(t, err)
	assert.True(t, running.Ready)
	assert.Equal(t, c.Kubeconfig(), running.Kubeconfig)
	require.ErrorContains(t, Down(t.Context(), string(c.at)), "this very process runs it")

	require.NoError(t, c.Stop())
	stopped, err := Status(string(c.at))
	require.NoError(t, err)
	assert.False(t, stopped.Running)
	assert.False(t, stopped.Ready)
}

func TestDownAndRemove(t *testing.T) {
	require.NoError(t, Down(t.Context(), filepath.Join(t.TempDir(), "none")))
	require.NoError(t, Remove(t.Context(), filepath.Join(t.TempDir(), "none")))
	foreign := t.TempDir()
	require.ErrorContains(t, Remove(t.Context(), foreign), "does not look like one")
	assert.DirExists(t, foreign)

	c := claimed(t)
	require.NoError(t, c.writeState(true))
	require.NoError(t, c.Stop())
	require.NoError(t, Remove(t.Context(), string(c.at)))
	assert.NoDirExists(t, string(c.at))
	require.NoError(t, c.Stop())
}

func TestFailedSpawnShowsTheLog(t *testing.T) {
	for name, tc := range map[string]struct {
		command []string
		want    []string
	}{
		"exit":    {[]string{"sh", "-c", "echo no luck; exit 3"}, []string{"exit status 3", "no luck"}},
		"missing": {[]string{"/nonexistent/program"}, []string{"/nonexistent/program"}},
		"none":    {nil, []string{"command: empty"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Spawn(t.Context(), SpawnOptions{Command: tc.command, Dir: t.TempDir()})
			for _, part := range append(tc.want, "spawn cluster: ") {
				require.ErrorContains(t, err, part)
			}
		})
	}
}
