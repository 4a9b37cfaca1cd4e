package cluster

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// claimed is a cluster that has its folder and runs nothing yet.
func claimed(t *testing.T) *Cluster {
	t.Helper()
	c := &Cluster{opts: Options{Name: "test"}, at: layout(t.TempDir()), done: make(chan struct{})}
	require.NoError(t, c.claim())
	t.Cleanup(func() { assert.NoError(t, c.Stop()) })
	return c
}

func shell(t *testing.T, name, text string) component {
	t.Helper()
	path, err := exec.LookPath("sh")
	require.NoError(t, err)
	return component{name, path, []string{"-c", text}}
}

func TestStopEndsEveryProcess(t *testing.T) {
	c := claimed(t)
	var started []*process
	for _, name := range []string{etcdName, apiServerName, kwokName} {
		p, err := c.launch(shell(t, name, "exec sleep 600"))
		require.NoError(t, err)
		started = append(started, p)
	}
	assert.FileExists(t, c.at.records())
	require.NoError(t, c.Stop())
	for _, p := range started {
		assert.False(t, p.alive(), p.name)
	}
	assert.NoFileExists(t, c.at.records())
	require.NoError(t, c.Err())
	<-c.Done()
	require.NoError(t, c.Stop(), "a second one does nothing")
}

func TestEndOfAProcessIsNoticed(t *testing.T) {
	c := claimed(t)
	_, err := c.launch(shell(t, etcdName, "echo disk full; exit 7"))
	require.NoError(t, err)
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		require.Fail(t, "not noticed")
	}
	require.ErrorContains(t, c.Err(), "etcd: exit status 7 by itself")
	require.ErrorContains(t, c.Err(), "disk full")
}

func TestAbandonMakesRoomForAnotherAttempt(t *testing.T) {
	c := claimed(t)
	p, err := c.launch(shell(t, etcdName, "exit 1"))
	require.NoError(t, err)
	<-p.done
	c.abandon()
	require.NoError(t, c.Err())
	select {
	case <-c.Done():
		require.Fail(t, "still counts as ended")
	default:
	}
	assert.Empty(t, c.processes)
}

func TestOneClusterAFolder(t *testing.T) {
	c := claimed(t)
	other := &Cluster{opts: Options{Name: "other"}, at: c.at, done: make(chan struct{})}
	require.ErrorContains(t, other.claim(), "is in use by another process")
	require.NoError(t, c.writeState(false))
	require.ErrorContains(t, other.claim(), "is in use by process")
}

func TestLockOfAProcessThatIsEndingIsWaitedFor(t *testing.T) {
	c := claimed(t)
	other := &Cluster{opts: Options{Name: "other"}, at: c.at, done: make(chan struct{})}
	time.AfterFunc(50*time.Millisecond, func() { assert.NoError(t, c.lock.Unlock()) })
	require.NoError(t, other.claim())
	require.NoError(t, other.lock.Unlock())
}

func TestProcessesGetNothingOfTheUser(t *testing.T) {
	t.Setenv("KWOK_SECRET", "leaked")
	c := claimed(t)
	p, err := c.launch(shell(t, kwokName, "env"))
	require.NoError(t, err)
	<-p.done
	text, err := os.ReadFile(p.log)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "leaked")
	assert.Contains(t, string(text), "HOME="+string(c.at))
}
