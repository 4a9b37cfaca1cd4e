package cluster

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sleeper starts a process that does nothing, and waits for it in the
// background as whoever started it would.
func sleeper(t *testing.T) identity {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	require.NoError(t, cmd.Start())
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed is what it should be
		close(done)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // ended already is fine
		<-done
	})
	who, err := identify(cmd.Process.Pid)
	require.NoError(t, err)
	return who
}

func TestSweepEndsOnlyWhatItKnows(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*identity)
		ended  bool
	}{
		"the very process":   {func(*identity) {}, true},
		"another executable": {func(i *identity) { i.Executable += "-old" }, false},
		"a folder before":    {func(i *identity) { i.Executable = "/elsewhere/" + filepath.Base(i.Executable) }, true},
		"another start":      {func(i *identity) { i.Started += "0" }, false},
		"no process":         {func(i *identity) { i.PID = 0 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			at, who := layout(t.TempDir()), sleeper(t)
			known := who
			tc.mutate(&known)
			text, err := json.Marshal([]processRecord{{etcdName, known}})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(at.records(), text, 0o600))
			require.NoError(t, sweep(at))
			assert.Equal(t, tc.ended, !who.alive())
			assert.NoFileExists(t, at.records())
		})
	}
}

func TestSweepWithoutRecords(t *testing.T) {
	at := layout(t.TempDir())
	require.NoError(t, sweep(at))
	require.NoError(t, os.WriteFile(at.records(), []byte("{"), 0o600))
	require.ErrorContains(t, sweep(at), "end what is left by hand and delete the file")
}

func TestEndKillsWhoDoesNotListen(t *testing.T) {
	cmd := exec.Command("sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.05; done")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = out.Read(make([]byte, 1))
	require.NoError(t, err)
	go func() { _ = cmd.Wait() }() // killed is what it should be
	who, err := identify(cmd.Process.Pid)
	require.NoError(t, err)
	require.NoError(t, who.end(50*time.Millisecond))
	assert.False(t, who.alive())
}
