package engine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standIn is a script that is run as the CLI is, and the folder that it is in.
func standIn(t *testing.T, ctx context.Context, script string) (*CLI, string) {
	t.Helper()
	c := newCLI(ctx, &bytes.Buffer{}, "sh", "-c", script)
	c.Dir, c.Env = t.TempDir(), os.Environ()
	return c, c.Dir
}

// appears waits for a file, and returns what is in it.
func appears(t *testing.T, path string) string {
	t.Helper()
	var text []byte
	require.Eventually(t, func() bool {
		text, _ = os.ReadFile(path)
		return strings.HasSuffix(string(text), "\n")
	}, 10*time.Second, 5*time.Millisecond)
	return strings.TrimSpace(string(text))
}

// untilInterrupted counts its interrupts and ends once it is told.
const untilInterrupted = `trap 'echo interrupt >> interrupts' INT
echo > begun
while [ ! -e end ]; do sleep 0.02; done`

func TestCLIIsInterruptedOnce(t *testing.T) {
	heard := make(chan os.Signal, 1) // else the one below would end the tests
	signal.Notify(heard, os.Interrupt)
	t.Cleanup(func() { signal.Stop(heard) })
	ctx, cancel := context.WithCancel(t.Context())
	c, folder := standIn(t, ctx, untilInterrupted)
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	appears(t, filepath.Join(folder, "begun"))
	group, err := syscall.Getpgid(c.Process.Pid)
	require.NoError(t, err)
	assert.NotEqual(t, syscall.Getpgrp(), group, "what is sent to this group does not reach it")
	cancel()
	appears(t, filepath.Join(folder, "interrupts"))
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGINT), "another one for the same")
	<-heard
	require.NoError(t, os.WriteFile(filepath.Join(folder, "end"), nil, 0o600))
	require.NoError(t, ignoreExit(ignoreCanceled(<-ended)))
	text, err := os.ReadFile(filepath.Join(folder, "interrupts"))
	require.NoError(t, err)
	assert.Equal(t, "interrupt\n", string(text))
}

// handlesLate dies of an interrupt at first.
const handlesLate = `echo > begun
sleep 0.4
trap 'echo interrupt > interrupts; exit' INT
echo > handles
while :; do sleep 0.02; done`

func TestInterruptWaitsForTheEngine(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, folder := standIn(t, ctx, handlesLate)
	c.phase = func() phase {
		if _, err := os.Stat(filepath.Join(folder, "handles")); err != nil {
			return starting
		}
		return running
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	appears(t, filepath.Join(folder, "begun"))
	cancel()
	err := <-ended
	assert.False(t, killed(err), "%v", err)
	assert.Equal(t, "interrupt", appears(t, filepath.Join(folder, "interrupts")))
}

func TestNoInterruptWhileTheStateIsWritten(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, folder := standIn(t, ctx, "echo > begun; sleep 0.4; echo > state")
	asked := false
	c.phase = func() phase { // a second question would have it killed
		if asked {
			return running
		}
		asked = true
		return finishing
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	appears(t, filepath.Join(folder, "begun"))
	cancel()
	assert.False(t, killed(<-ended))
	assert.FileExists(t, filepath.Join(folder, "state"))
}

// A run that had not begun leaves a lock and nothing else. One of another run stays.
func TestReleaseRemovesTheLockOfOneRun(t *testing.T) {
	s := &Session{Stack: "local", home: t.TempDir()}
	folder := filepath.Join(s.home, stateFolder, ".pulumi", "locks", "organization", "platform", "local")
	require.NoError(t, os.MkdirAll(folder, 0o700))
	host, err := os.Hostname()
	require.NoError(t, err)
	for name, text := range map[string]string{
		"own": `{"pid":41,"hostname":"` + host + `"}`, "another": `{"pid":42,"hostname":"` + host + `"}`,
		"elsewhere": `{"pid":41,"hostname":"of-another-machine"}`, "torn": `{"pid":41,`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), []byte(text), 0o600))
	}
	require.NoError(t, s.release(41))
	left, err := s.locks()
	require.NoError(t, err)
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	assert.Equal(t, []string{"another.json", "elsewhere.json", "torn.json"}, left)
}

func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// leavesChildren starts what is in a group of its own, as the engine's plugins
// are, and waits.
const leavesChildren = `set -m
sleep 600 >&- 2>&- &
echo $! > child
wait`

func TestNothingOutlivesACLIThatIsKilled(t *testing.T) {
	onLinux(t)
	c, folder := standIn(t, t.Context(), leavesChildren)
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	child, err := strconv.Atoi(appears(t, filepath.Join(folder, "child")))
	require.NoError(t, err)
	require.NoError(t, c.Process.Kill())
	assert.True(t, killed(<-ended))
	assertGone(t, child)
}

func TestNothingOutlivesThisProcess(t *testing.T) {
	onLinux(t)
	g, err := newGuard()
	require.NoError(t, err)
	cmd := exec.Command("sleep", "600")
	cmd.Env = []string{g.mark}
	require.NoError(t, cmd.Start())
	other := exec.Command("sleep", "600")
	require.NoError(t, other.Start())
	t.Cleanup(func() { assert.NoError(t, errors.Join(other.Process.Kill(), ignoreExit(other.Wait()))) })
	require.NoError(t, g.say.Close(), "as the system does for a process that is killed")
	assert.True(t, killed(cmd.Wait()))
	require.NoError(t, ignoreExit(g.cmd.Wait()))
	assert.NoError(t, other.Process.Signal(syscall.Signal(0)), "what no run has started lives on")
}

func TestAGuardThatIsDismissedEndsNothing(t *testing.T) {
	g, err := newGuard()
	require.NoError(t, err)
	cmd := exec.Command("sleep", "600")
	cmd.Env = []string{g.mark}
	require.NoError(t, cmd.Start())
	require.NoError(t, g.dismiss(false))
	assert.NoError(t, cmd.Process.Signal(syscall.Signal(0)))
	require.NoError(t, cmd.Process.Kill())
	assert.True(t, killed(cmd.Wait()))
}

func TestCLIReturnsWhatItWrites(t *testing.T) {
	c, _ := standIn(t, t.Context(), "echo out; echo err >&2; exit 3")
	out, err := c.Output()
	assert.Equal(t, "out\n", string(out))
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, "err\n", string(exit.Stderr))
	assert.False(t, killed(err))
	c, _ = standIn(t, t.Context(), "echo out; echo err >&2")
	out, err = c.CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "out\nerr\n", string(out))
}

func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("other systems do not show the environment of processes so")
	}
}

func assertGone(t *testing.T, pid int) {
	t.Helper()
	assert.Eventually(t, func() bool {
		text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		return err != nil || strings.Contains(string(text), ") Z ")
	}, 10*time.Second, 5*time.Millisecond)
}
