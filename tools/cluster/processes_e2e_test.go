//go:build e2e

package cluster

import (
	"encoding/json"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func processOf(c *Cluster, name string) *process {
	for _, p := range c.processes {
		if p.name == name {
			return p
		}
	}
	return nil
}

func running(c *Cluster) []identity {
	var found []identity
	for _, p := range c.processes {
		found = append(found, p.identity)
	}
	return found
}

// recorded reads what a folder says is running.
func recorded(t *testing.T, dir string) []identity {
	t.Helper()
	text, err := os.ReadFile(layout(dir).records())
	require.NoError(t, err)
	var records []processRecord
	require.NoError(t, json.Unmarshal(text, &records))
	require.Len(t, records, 5)
	var found []identity
	for _, one := range records {
		require.True(t, one.alive(), one.Name)
		found = append(found, one.identity)
	}
	return found
}

func requireGone(t *testing.T, processes []identity) {
	t.Helper()
	for _, one := range processes {
		require.True(t, one.waitGone(5*time.Second), "process %d (%s) is left", one.PID, one.Executable)
	}
}

// kill ends one process of a cluster as a crash would: the cluster notices,
// says which it was, and leaves none of the others behind.
func kill(t *testing.T, c *Cluster, victim *process) {
	t.Helper()
	before := running(c)
	require.NoError(t, syscall.Kill(victim.PID, syscall.SIGKILL))
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		require.Fail(t, "its end was not noticed", victim.name)
	}
	require.ErrorContains(t, c.Err(), victim.name+": signal: killed by itself")
	require.NoError(t, c.Stop())
	requireGone(t, before)
}
