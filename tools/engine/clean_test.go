package engine

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCleanDeletesThisCheckoutsClustersAlone(t *testing.T) {
	for name, tc := range map[string]struct{ all bool }{"this checkout's": {false}, "all": {true}} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			checkout := m.checkout()
			mine, elsewhere, context := m.deployed(checkout, "local", ""), m.deployed(m.checkout(), "local", ""), m.deployed(checkout, "local", "mine")
			lost := m.deployed(m.checkout(), "local", "")
			require.NoError(t, os.RemoveAll(lost.root))
			shared, err := prepare(Options{Root: "../..", Stack: "prod", Stacks: m.stacks})
			require.NoError(t, err)
			require.NoError(t, shared.owner.claim(shared.home))
			kept := filepath.Join(shared.home, recoveredFolder, "before.json")
			m.write(kept, "{}")
			var said bytes.Buffer
			require.NoError(t, Clean(t.Context(), Options{Root: checkout, Stacks: m.stacks, Out: &said}, tc.all))
			assert.NoDirExists(t, mine.home)
			m.holds(context)
			assert.FileExists(t, kept)
			if tc.all {
				assert.NoDirExists(t, elsewhere.home)
				assert.NoDirExists(t, lost.home)
				assert.Empty(t, said.String())
				return
			}
			m.holds(elsewhere)
			m.holds(lost)
			assert.Contains(t, said.String(), "local of "+elsewhere.root+", in "+elsewhere.home+"\n")
			assert.Contains(t, said.String(), "local of "+lost.root+", which is gone, in "+lost.home+"\n")
			assert.Contains(t, said.String(), "clean --all")
			assert.NotContains(t, said.String(), context.home)
		})
	}
}

func TestNothingThatIsNotEmbeddedIsDeletedFromEarlierFolders(t *testing.T) {
	for name, end := range map[string]func(m *machine, checkout string) error{
		"clean": func(m *machine, checkout string) error {
			return Clean(m.t.Context(), Options{Root: checkout, Stacks: m.stacks, Out: io.Discard}, false)
		},
		"clean --all": func(m *machine, _ string) error {
			return Clean(m.t.Context(), Options{Root: m.checkout(), Stacks: m.stacks, Out: io.Discard}, true)
		},
		"cluster-down": func(m *machine, checkout string) error {
			return ClusterDown(m.t.Context(), Options{Root: checkout, Stack: "k3s-local", Stacks: m.stacks})
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			checkout := m.checkout()
			folder := m.earlier(checkout, "k3s", "local")
			m.earlier(checkout, "k3s-local", "")
			alone := m.earlier(checkout, "local", "mine")
			kept := filepath.Join(folder, recoveredFolder, "before.json")
			m.write(kept, "{}")
			require.NoError(t, end(m, checkout))
			assert.NoDirExists(t, filepath.Join(folder, clusterFolder))
			assert.NoFileExists(t, checkpointIn(folder, "k3s-local"))
			assert.FileExists(t, kept)
			assert.DirExists(t, alone)
			for stack, context := range map[string]string{"k3s": "local", "local": "mine"} {
				s := m.session(checkout, stack, context)
				require.NoError(t, s.moveIn(t.Context()))
				m.holds(s)
			}
			fresh := m.session(checkout, "k3s-local", "")
			require.NoError(t, fresh.moveIn(t.Context()))
			assert.NoFileExists(t, fresh.checkpoint(), "it went with its cluster")
		})
	}
}

func TestCleanLeavesEarlierFoldersOfOtherCheckouts(t *testing.T) {
	m := newMachine(t)
	owner := m.checkout()
	folder := m.earlier(owner, "local", "")
	require.NoError(t, Clean(t.Context(), Options{Root: m.checkout(), Stacks: m.stacks, Out: &m.said}, false))
	assert.Contains(t, m.said.String(), "local of "+owner+", in "+folder)
	assert.DirExists(t, folder)
	require.NoError(t, Clean(t.Context(), Options{Root: owner, Stacks: m.stacks}, false))
	assert.NoDirExists(t, folder)
}

func TestCleanMakesNothing(t *testing.T) {
	m := newMachine(t)
	checkout := m.checkout()
	require.NoError(t, Clean(t.Context(), Options{Root: checkout, Stacks: m.stacks}, false))
	require.NoError(t, ClusterDown(t.Context(), Options{Root: checkout, Stack: "local", Stacks: m.stacks}))
	assert.NoDirExists(t, m.stacks)
}
