package machine

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vishvananda/netlink"
)

func TestMain(m *testing.M) {
	Main()
	os.Exit(m.Run())
}

// patience is what a loaded machine needs for any of this.
const patience = 20 * time.Second

// started starts a machine that runs shell scripts, one a service.
func started(t *testing.T, m Machine, scripts ...string) *Starting {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("namespaces need root")
	}
	m.Name, m.Folder = "m1", t.TempDir()
	for i, script := range scripts {
		m.Services = append(m.Services, Service{
			Name: "s" + strconv.Itoa(i), Args: []string{"/bin/sh", "-c", script}, Env: []string{"PATH=" + searchPath},
			Log: fmt.Sprintf("/var/log/s%d.log", i),
		})
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	s, err := Prepare(log)
	require.NoError(t, err)
	require.NoError(t, s.Command.Start())
	t.Cleanup(func() {
		_ = s.Command.Process.Kill()
		_ = s.Command.Wait()
	})
	if m.Network.Interface != "" {
		require.NoError(t, netlink.LinkAdd(&netlink.Bridge{LinkAttrs: netlink.LinkAttrs{
			Name: m.Network.Interface, Namespace: netlink.NsPid(s.Command.Process.Pid),
		}}))
	}
	require.NoError(t, s.Go(m))
	return s
}

// says waits until a file of the machine has a text.
func (s *Starting) says(t *testing.T, path, text string) {
	t.Helper()
	assert.Eventually(t, func() bool {
		found, err := os.ReadFile(Root(s.Command.Process.Pid, path))
		return err == nil && strings.Contains(string(found), text)
	}, patience, 20*time.Millisecond, "%s has no %q", path, text)
}

func TestMachineHasItsOwn(t *testing.T) {
	before, err := os.ReadFile("/proc/sys/vm/overcommit_memory")
	require.NoError(t, err)
	s := started(t, Machine{
		Shown:   map[string]string{"/proc/sys/vm/overcommit_memory": "7\n"},
		Network: Network{Interface: "eth0", Address: netip.MustParsePrefix("192.0.2.7/24"), Gateway: netip.MustParseAddr("192.0.2.1")},
		Files:   map[string]File{"/etc/platform-test/file": {Text: []byte("written"), Mode: 0o640}},
		Links:   map[string]string{"/usr/local/bin/platform-test": "/etc/platform-test/file"},
	}, `{ hostname; cat /proc/sys/vm/overcommit_memory /usr/local/bin/platform-test; stat -c %a /etc/platform-test/file; cat /proc/net/fib_trie; ls /proc; } >/run/seen
		echo 9 >/proc/sys/vm/overcommit_memory; echo done >>/run/seen; sleep 1000`)
	s.says(t, "/run/seen", "done")
	seen, err := os.ReadFile(Root(s.Command.Process.Pid, "/run/seen"))
	require.NoError(t, err)
	for _, want := range []string{"m1\n", "7\n", "written", "640\n", "192.0.2.7"} {
		assert.Contains(t, string(seen), want)
	}
	assert.NotContains(t, string(seen), fmt.Sprintf("\n%d\n", os.Getpid()), "it must not see this machine's processes")
	after, err := os.ReadFile("/proc/sys/vm/overcommit_memory")
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after), "what it writes for the whole kernel goes nowhere")
	assert.NoDirExists(t, "/etc/platform-test")
}

func TestServiceIsStartedAgain(t *testing.T) {
	s := started(t, Machine{}, "echo begun >>/run/seen; exit 3")
	s.says(t, "/run/seen", "begun\nbegun\n")
}

// Containers lose their parents; whoever is first must wait for them.
func TestOrphansAreWaitedFor(t *testing.T) {
	s := started(t, Machine{}, "(sh -c 'sleep 0.1' &) ; sleep 1; for p in /proc/[0-9]*; do grep -H State $p/status; done >/run/seen; echo done >>/run/seen; sleep 1000")
	s.says(t, "/run/seen", "done")
	seen, err := os.ReadFile(Root(s.Command.Process.Pid, "/run/seen"))
	require.NoError(t, err)
	assert.NotContains(t, string(seen), "zombie")
}

// However a machine ends, nothing of it is left: no process, no mount.
func TestMachineEnds(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"in order": syscall.SIGTERM, "killed": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			token := fmt.Sprintf("%d.%d", os.Getpid(), time.Now().UnixNano())
			s := started(t, Machine{}, "exec setsid sh -c 'echo up >/run/seen; sleep 1000' "+token)
			s.says(t, "/run/seen", "up")
			require.NotEmpty(t, commandsWith(t, token))
			require.NoError(t, s.Command.Process.Signal(signal))
			err := s.Command.Wait()
			assert.Equal(t, signal == syscall.SIGTERM, err == nil, "%v", err)
			assert.Eventually(t, func() bool { return len(commandsWith(t, token)) == 0 }, patience, 20*time.Millisecond)
			mounts, err := os.ReadFile("/proc/self/mountinfo")
			require.NoError(t, err)
			assert.NotContains(t, string(mounts), t.Name())
		})
	}
}

// commandsWith are the processes whose command line has a word.
func commandsWith(t *testing.T, word string) (found []string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(t, err)
	for _, path := range lines {
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), word) {
			found = append(found, path)
		}
	}
	return found
}
