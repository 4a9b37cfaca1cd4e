package engine

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/cluster"
)

// earlier writes what a deployment with an earlier version has left.
func (m *machine) earlier(checkout, stack, context string) string {
	m.t.Helper()
	s := m.session(checkout, stack, context)
	folder := s.earlierFolder()
	m.deploy(s, folder)
	m.write(filepath.Join(folder, stateFolder, ".pulumi", "backups", "platform", stack, "1.json"), stateText(s))
	return folder
}

func TestEarlierFoldersAreTakenOver(t *testing.T) {
	for name, tc := range map[string]struct{ stack, context string }{
		"embedded": {"local", ""}, "context": {"local", "team/a"}, "Edd Cloud": {"k3s", "local"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			checkout := m.checkout()
			folder := m.earlier(checkout, tc.stack, tc.context)
			looker := m.session(checkout, tc.stack, tc.context)
			require.NoError(t, looker.findHome())
			assert.Equal(t, folder, looker.home)
			s := m.session(checkout, tc.stack, tc.context)
			require.NoError(t, s.moveIn(t.Context()))
			assert.Equal(t, s.place, s.home)
			m.holds(s)
			assert.NoDirExists(t, folder)
			assert.Contains(t, m.said.String(), folder)
			of, err := ownerOf(s.home)
			require.NoError(t, err)
			assert.Equal(t, s.owner, *of)
		})
	}
}

// A cluster that never had a deployment has no state.
func TestEarlierClusterAloneIsTakenOver(t *testing.T) {
	m := newMachine(t)
	s := m.session(m.checkout(), "local", "")
	m.write(filepath.Join(s.earlierFolder(), clusterFolder, "cluster.json"), `{"context": "platform-local", "nodes": "simulated"}`)
	require.NoError(t, s.moveIn(t.Context()))
	assert.FileExists(t, filepath.Join(s.place, clusterFolder, "cluster.json"))
}

// STACK=k3s CONTEXT=local had the folder of the stack k3s-local.
func TestEarlierFolderOfTwoIsDivided(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	folder := m.earlier(checkout, "k3s", "local")
	require.Equal(t, folder, m.earlier(checkout, "k3s-local", ""))
	m.write(filepath.Join(folder, recoveredFolder, "before.json"), "either's")

	embedded := m.session(checkout, "k3s-local", "")
	require.NoError(t, embedded.moveIn(t.Context()))
	assert.Equal(t, folder, embedded.home, "it stays while another's state is there")
	assert.Contains(t, m.said.String(), "stack k3s-local: its folder stays "+folder+", for another stack's state is in it")
	m.holds(embedded)

	s := m.session(checkout, "k3s", "local")
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, s.place, s.home)
	m.holds(s)
	assert.FileExists(t, filepath.Join(s.home, recoveredFolder, "before.json"))
	assert.FileExists(t, filepath.Join(s.home, stateFolder, ".pulumi", "backups", "platform", "k3s", "1.json"))
	assert.NoDirExists(t, filepath.Join(s.home, stateFolder, ".pulumi", "backups", "platform", "k3s-local"), "the other's")
	assert.NoFileExists(t, checkpointIn(s.home, "k3s-local"), "the other's")
	assert.NoDirExists(t, filepath.Join(s.home, clusterFolder), "the other's")
	assert.NoFileExists(t, checkpointIn(folder, "k3s"))

	require.NoError(t, embedded.moveIn(t.Context()), "now it is alone")
	assert.Equal(t, embedded.place, embedded.home)
	m.holds(embedded)
	m.holds(s)
}

func TestEarlierFolderOfAnotherContextStays(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	folder := m.earlier(checkout, "local", "a/b")
	s := m.session(checkout, "local", "a-b")
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, s.place, s.home)
	assert.NoFileExists(t, s.checkpoint())
	assert.Contains(t, m.said.String(), folder+" is of an earlier version and holds what is deployed to the context a/b, not to a-b; it stays there")
	right := m.session(checkout, "local", "a/b")
	require.NoError(t, right.moveIn(t.Context()))
	m.holds(right)
}

func TestEarlierFolderOfAnUnknownContextIsNotGuessed(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	folder := m.earlier(checkout, "local", "mine")
	require.NoError(t, os.Remove(filepath.Join(folder, projectFolder, "Pulumi.local.yaml")))
	s := m.session(checkout, "local", "mine")
	err := s.moveIn(t.Context())
	require.ErrorContains(t, err, folder)
	require.ErrorContains(t, err, "mv FOLDER "+s.place)
	require.NoError(t, os.Rename(folder, s.place))
	require.NoError(t, s.moveIn(t.Context()))
	m.holds(s)
}

// The checkout that has used it last may have the earlier version still.
func TestEarlierFolderOfAnotherCheckoutStays(t *testing.T) {
	m := newMachine(t)
	owner := m.checkout()
	embedded, context := m.earlier(owner, "local", ""), m.earlier(owner, "local", "mine")
	other := m.checkout()
	s := m.session(other, "local", "")
	require.NoError(t, s.moveIn(t.Context()))
	assert.NoFileExists(t, s.checkpoint())
	assert.Contains(t, m.said.String(), embedded+", of "+owner)
	require.ErrorContains(t, m.session(other, "local", "mine").moveIn(t.Context()), context+", of "+owner)
	for _, context := range []string{"", "mine"} {
		s := m.session(owner, "local", context)
		require.NoError(t, s.moveIn(t.Context()))
		m.holds(s)
	}
	require.NoError(t, m.session(other, "local", "mine").moveIn(t.Context()), "nothing is in doubt any more")
}

func TestEarlierFolderOfACheckoutThatIsGoneIsTakenOver(t *testing.T) {
	m := newMachine(t)
	gone := m.checkout()
	m.earlier(gone, "local", "mine")
	require.NoError(t, os.RemoveAll(gone))
	s := m.session(m.checkout(), "local", "mine")
	require.NoError(t, s.moveIn(t.Context()))
	m.holds(s)
}

// Whoever runs pulumi on the state writes it to where it was.
func TestLockedStateStays(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	folder := m.earlier(checkout, "local", "mine")
	lock := filepath.Join(folder, stateFolder, ".pulumi", "locks", "organization", "platform", "local", "1.json")
	m.write(lock, "{}")
	s := m.session(checkout, "local", "mine")
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, folder, s.home)
	m.holds(s)
	assert.Contains(t, m.said.String(), "make recover STACK=local CONTEXT=mine")
	require.NoError(t, os.Remove(lock))
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, s.place, s.home)
	m.holds(s)
}

func TestRealNodesStay(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	folder := m.earlier(checkout, "local", "")
	m.write(filepath.Join(folder, clusterFolder, "cluster.json"), `{"context": "platform-local", "nodes": "real"}`)
	s := m.session(checkout, "local", "")
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, folder, s.home)
	assert.NoFileExists(t, filepath.Join(folder, ownerFile), "it is an earlier version's still")
	assert.Contains(t, m.said.String(), "for real nodes do not move; make cluster-down STACK=local deletes them")
	require.NoError(t, ClusterDown(t.Context(), Options{Root: checkout, Stack: "local", Stacks: m.stacks}))
	assert.NoDirExists(t, folder)
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, s.place, s.home)
}

// A run may be killed between any two steps of a copy.
func TestAStateIsNeverLostOnItsWay(t *testing.T) {
	for _, both := range []bool{false, true} {
		steps := 6
		for killed := range steps + 1 {
			m := newMachine(t)
			checkout := m.checkout()
			folder := m.earlier(checkout, "k3s", "local")
			if both {
				m.earlier(checkout, "k3s-local", "")
			}
			s := m.session(checkout, "k3s", "local")
			require.NoError(t, os.MkdirAll(m.stacks, 0o700))
			require.NoError(t, s.findHome())
			all := s.carry()
			require.Len(t, all, steps)
			require.NoError(t, inTurn(all[:killed]))

			s = m.session(checkout, "k3s", "local")
			require.NoError(t, s.moveIn(t.Context()), "killed after %d", killed)
			assert.Equal(t, s.place, s.home)
			m.holds(s)
			assert.NoFileExists(t, checkpointIn(folder, "k3s"))
			assert.NoDirExists(t, s.halfway())
			if both {
				other := m.session(checkout, "k3s-local", "")
				require.NoError(t, other.moveIn(t.Context()))
				m.holds(other)
			}
		}
	}
}

// Without PLATFORM_STACKS, the earlier place is the user's cache.
func TestEarlierFoldersAreTakenOutOfTheCache(t *testing.T) {
	m := newMachine(t)
	cache, state := t.TempDir(), t.TempDir()
	t.Setenv("PLATFORM_CACHE", cache)
	t.Setenv("PLATFORM_STACKS", "")
	t.Setenv("XDG_STATE_HOME", state)
	checkout := m.checkout()
	s, err := prepare(Options{Root: checkout, Stack: "local"})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(cache, "stacks", "local"), s.earlierFolder())
	m.deploy(s, s.earlierFolder())
	require.NoError(t, s.moveIn(t.Context()))
	assert.Equal(t, filepath.Join(state, "platform", "stacks", s.owner.folder()), s.home)
	m.holds(s)
	status, err := cluster.Status(s.clusterDir())
	require.NoError(t, err)
	assert.Equal(t, "platform-local", status.Context)
	folder, err := Folder(Options{Root: checkout, Stack: "local"})
	require.NoError(t, err)
	assert.Equal(t, s.home, folder)
	_, err = Folder(Options{Root: "../..", Stack: "prod"})
	require.ErrorContains(t, err, "its state is in your own backend")
}

// The cache may be on another file system than the states, where nothing can be
// renamed to.
func TestEarlierFoldersOnAnotherFileSystem(t *testing.T) {
	m := newMachine(t)
	cache := elsewhere(t)
	t.Setenv("PLATFORM_CACHE", cache)
	t.Setenv("PLATFORM_STACKS", "")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	checkout := m.checkout()
	open := func(context string) *Session {
		s, err := prepare(Options{Root: checkout, Stack: "local", Context: context, Out: &m.said})
		require.NoError(t, err)
		return s
	}
	for _, context := range []string{"", "mine"} {
		s := open(context)
		m.deploy(s, s.earlierFolder())
	}
	context := open("mine")
	require.NoError(t, context.moveIn(t.Context()))
	assert.Equal(t, context.place, context.home)
	m.holds(context)
	assert.NoDirExists(t, context.earlierFolder())
	embedded := open("")
	records := filepath.Join(embedded.earlierFolder(), clusterFolder, "processes.json")
	m.write(records, "[]")
	require.NoError(t, embedded.moveIn(t.Context()))
	assert.Equal(t, embedded.earlierFolder(), embedded.home)
	assert.FileExists(t, records, "its processes were not ended for nothing")
	m.holds(embedded)
	assert.Contains(t, m.said.String(), "stays "+embedded.home+", for it is on another file system")
	require.NoError(t, Clean(t.Context(), Options{Root: checkout}, false))
	assert.NoDirExists(t, embedded.earlierFolder())
	m.holds(context)
}

// elsewhere is a folder on another file system than those of tests.
func elsewhere(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "stacks-")
	if err != nil {
		t.Skip("no second file system is known here")
	}
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(folder)) })
	here := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
	if err := os.Rename(filepath.Join(folder, "file"), here); !errors.Is(err, syscall.EXDEV) {
		t.Skip("it is the same file system")
	}
	return folder
}
