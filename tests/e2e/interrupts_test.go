//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// way is how a run is ended before its end.
type way struct {
	name   string
	killed bool // so that recover has to find out what the run was doing
	out    outlet
	end    func(*run) error
}

// outlet is where a run writes.
type outlet int

const (
	toFile     outlet = iota
	toPipe            // whose reader ends as well, as cat does at a Ctrl-C
	toTerminal        // which is the run's own
)

// ways are all that are tried.
var ways = []way{
	{"Ctrl-C at a terminal", false, toTerminal, func(r *run) error { _, err := r.terminal.Write([]byte{ctrlC}); return err }},
	{"hang-up of a terminal", false, toTerminal, func(r *run) error { return r.terminal.Close() }},
	{"SIGINT to the group, to a file", false, toFile, func(r *run) error { return r.signal(-r.pid(), syscall.SIGINT) }},
	{"SIGINT to the group, to a pipe", false, toPipe, func(r *run) error { return errors.Join(r.reader.Close(), r.signal(-r.pid(), syscall.SIGINT)) }},
	{"SIGINT to platformctl alone", false, toFile, func(r *run) error { return r.signal(r.find("platformctl"), syscall.SIGINT) }},
	{"SIGTERM to make and the group", false, toFile, func(r *run) error { // as timeout does
		return errors.Join(r.signal(r.pid(), syscall.SIGTERM), r.signal(-r.pid(), syscall.SIGTERM))
	}},
	{"SIGHUP to the group", false, toFile, func(r *run) error { return r.signal(-r.pid(), syscall.SIGHUP) }},
	{"kill -9 of make", false, toFile, func(r *run) error { return r.signal(r.pid(), syscall.SIGKILL) }},
	{"kill -9 of platformctl", true, toFile, func(r *run) error { return r.signal(r.find("platformctl"), syscall.SIGKILL) }},
	{"kill -9 of pulumi", true, toFile, func(r *run) error { return r.signal(r.find("pulumi"), syscall.SIGKILL) }},
	{"kill -9 of all", true, toFile, func(r *run) error {
		for _, pid := range r.family {
			_ = r.signal(pid, syscall.SIGKILL) // it may have ended with another
		}
		return nil
	}},
}

// ctrlC is what the key sends.
const ctrlC = 3

// wayOf is a way by its name.
func wayOf(name string) way {
	return ways[slices.IndexFunc(ways, func(w way) bool { return w.name == name })]
}

// run is a target of make that is ended before its end.
type run struct {
	t        *testing.T
	cmd      *exec.Cmd
	terminal *os.File // the end of whoever sits at it
	reader   *os.File // of the pipe
	family   []int    // make and all that came from it when the run was to end

	done chan struct{} // closed when make has ended, and err is how
	err  error
	mu   sync.Mutex
	said strings.Builder
}

func (r *run) pid() int { return r.cmd.Process.Pid }

func (r *run) signal(pid int, signal syscall.Signal) error {
	if pid == 0 {
		return syscall.ESRCH
	}
	return syscall.Kill(pid, signal)
}

// find is the newest process of the run with a name, or 0.
func (r *run) find(name string) int {
	for _, pid := range slices.Backward(r.family) {
		if path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil && filepath.Base(path) == name {
			return pid
		}
	}
	return 0
}

// begin starts a target that writes to an outlet.
func begin(t *testing.T, c *checkout, out outlet, target string) *run {
	t.Helper()
	r := &run{t: t, cmd: c.command(context.Background(), target), done: make(chan struct{})}
	var from, to *os.File
	var err error
	switch out {
	case toTerminal:
		from, to = openTerminal(t)
		r.terminal, r.cmd.Stdin = from, to
		r.cmd.Env = append(r.cmd.Env, "TERM=xterm")
		r.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	case toPipe:
		from, to, err = os.Pipe()
		require.NoError(t, err)
		r.reader = from
	default:
		to, err = os.Create(filepath.Join(t.TempDir(), "run.log"))
		require.NoError(t, err)
		from, err = os.Open(to.Name())
		require.NoError(t, err)
	}
	t.Cleanup(func() { _ = from.Close() }) // which may be closed already
	r.cmd.Stdout, r.cmd.Stderr = to, to
	require.NoError(t, r.cmd.Start())
	require.NoError(t, to.Close())
	go func() { // a file has to be read again where it ended
		part := make([]byte, 1<<16)
		for {
			n, err := from.Read(part)
			r.mu.Lock()
			r.said.Write(part[:n])
			r.mu.Unlock()
			if err != nil && (out != toFile || !errors.Is(err, io.EOF)) {
				return
			}
			if n == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		}
	}()
	go func() {
		r.err = r.cmd.Wait()
		close(r.done)
	}()
	return r
}

// openTerminal makes a terminal: the end of the user and the one of programs.
func openTerminal(t *testing.T) (user, programs *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	fd := int(user.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: 200}))
	programs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	return user, programs
}

func (r *run) output() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.String()
}

// ended reports whether make has ended.
func (r *run) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// until waits until the run says what matches.
func (r *run) until(words string) {
	r.t.Helper()
	pattern := regexp.MustCompile(words)
	require.Eventually(r.t, func() bool { return pattern.MatchString(r.output()) || r.ended() }, commandTimeout, 10*time.Millisecond,
		"it never said %q", words)
	require.False(r.t, r.ended(), "it ended without saying %q:\n%s", words, r.output())
}

// interrupt ends the run and waits until nothing of it is left.
func (r *run) interrupt(w way) error {
	r.family = family(r.t, r.pid())
	begun := time.Now()
	if err := w.end(r); err != nil && !errors.Is(err, syscall.ESRCH) && !errors.Is(err, os.ErrClosed) {
		return err
	}
	limit := begun.Add(commandTimeout)
	for ended := false; ; time.Sleep(20 * time.Millisecond) {
		alive := slices.DeleteFunc(slices.Clone(r.family), gone)
		if r.ended() && len(alive) == 0 {
			return nil
		}
		// Of what a killed engine started, all ends soon after make, and not when it looks
		// for the engine itself, every few minutes. Until make ends the run goes on: the
		// pulumi that was killed may have been one that only read something.
		if r.ended() && !ended && w.killed {
			ended, limit = true, time.Now().Add(20*time.Second)
		}
		if time.Now().After(limit) {
			return fmt.Errorf("%d processes live on after %s", len(alive), time.Since(begun).Round(time.Second))
		}
	}
}

// gone reports whether a process has ended, be it that nobody has asked how.
func gone(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(text[strings.LastIndex(string(text), ")"):]), " ")
	return strings.HasPrefix(rest, "Z")
}

// endsInOrder interrupts a deployment that writes to a pipe in the middle of a
// replacement, and where every case is tried a down at a terminal, and kills the
// engine.
func endsInOrder(t *testing.T, c *checkout, l live) {
	file, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	defer c.restore("local", file)
	before, all := l.belongings(), l.inventory()
	whole := func(t *testing.T) {
		t.Helper()
		c.make("up")
		c.make("preview", "ARGS=--expect-no-changes")
		assert.Equal(t, all, l.inventory(), "nothing lost and nothing doubled")
		left, err := c.unfinishedReplacements()
		require.NoError(t, err)
		require.Empty(t, left)
	}
	for name, tc := range map[string]struct {
		way    string
		target string
		words  string
		back   bool // the file is put back before the next up
	}{
		"at once":     {"SIGINT to platformctl alone", "up", `Updating \(local\)`, false}, // before pulumi handles it
		"a pipe":      {"SIGINT to the group, to a pipe", "up", "Job backend-migrate creating", true},
		"killed":      {"kill -9 of pulumi", "up", "Job backend-migrate creating", false},
		"down, a key": {"Ctrl-C at a terminal", "down", `Deployment +frontend .*deleting`, false},
	} {
		if !everyCase && name != "a pipe" && name != "at once" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			w := wayOf(tc.way)
			c.edit("local", "platform:backend.image", "ghcr.io/epfl-enac/epfl/co2-calculator/backend:v2.0."+fmt.Sprint(len(name)))
			r := begin(t, c, w.out, tc.target)
			r.until(tc.words)
			require.NoError(t, r.interrupt(w), r.output())
			require.Error(t, r.err, r.output())
			if w.killed {
				c.make("recover")
			}
			pending, err := c.pendingOperations()
			require.NoError(t, err)
			require.Empty(t, pending, "%s", r.output())
			if tc.back {
				c.restore("local", file)
			}
			whole(t)
			require.NoError(t, before.kept(l.belongings()))
		})
	}
}
