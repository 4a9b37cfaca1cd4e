package engine

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// machine is one with several checkouts and one folder for their stacks.
type machine struct {
	t      *testing.T
	stacks string
	said   bytes.Buffer
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	return &machine{t: t, stacks: filepath.Join(t.TempDir(), "stacks")}
}

// checkout makes one whose stack files are this one's.
func (m *machine) checkout() string {
	m.t.Helper()
	folder, err := filepath.EvalSymlinks(m.t.TempDir())
	require.NoError(m.t, err)
	require.NoError(m.t, os.WriteFile(filepath.Join(folder, "go.mod"), []byte("module platform\n"), 0o600))
	for _, name := range []string{"Pulumi.yaml", "Pulumi.local.yaml", "Pulumi.k3s.yaml", "Pulumi.k3s-local.yaml"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		require.NoError(m.t, err)
		require.NoError(m.t, os.WriteFile(filepath.Join(folder, name), text, 0o600))
	}
	return folder
}

func (m *machine) session(checkout, stack, context string) *Session {
	m.t.Helper()
	s, err := prepare(Options{Root: checkout, Stack: stack, Context: context, Stacks: m.stacks, Out: &m.said})
	require.NoError(m.t, err)
	return s
}

// deployed is a stack's folder with a state in it.
func (m *machine) deployed(checkout, stack, context string) *Session {
	m.t.Helper()
	s := m.session(checkout, stack, context)
	require.NoError(m.t, s.moveIn(m.t.Context()))
	m.deploy(s, s.home)
	return s
}

// deploy writes what a deployment leaves in a folder.
func (m *machine) deploy(s *Session, home string) {
	m.t.Helper()
	s.lives(home)
	_, err := s.passphrase()
	require.NoError(m.t, err)
	require.NoError(m.t, s.writeProject())
	require.NoError(m.t, s.writeStackFile(s.instead))
	m.write(s.checkpoint(), stateText(s))
	if s.cluster {
		m.write(filepath.Join(s.clusterDir(), "cluster.json"), `{"context": "`+EmbeddedContext(s.Stack)+`", "nodes": "simulated"}`)
	}
}

func stateText(s *Session) string { return "state of " + s.Stack + " at " + s.context }

func (m *machine) write(path, text string) {
	m.t.Helper()
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(m.t, os.WriteFile(path, []byte(text), 0o600))
}

// holds looks that a session has its state and passphrase.
func (m *machine) holds(s *Session) {
	m.t.Helper()
	text, err := os.ReadFile(s.checkpoint())
	require.NoError(m.t, err)
	assert.Equal(m.t, stateText(s), string(text))
	assert.FileExists(m.t, filepath.Join(s.home, passphraseFile))
}

func TestStacksAreKeptApart(t *testing.T) {
	m := newMachine(t)
	one, other := m.checkout(), m.checkout()
	seen := map[string]string{}
	for _, tc := range []struct{ checkout, stack, context string }{
		{one, "k3s", "local"},
		{one, "k3s-local", ""},
		{one, "k3s", ""},
		{one, "local", "a/b"},
		{one, "local", "a:b"},
		{one, "local", "a-b"},
		{one, "local", "a b"},
		{one, "local", "a@b"},
		{one, "local", "A-B"},
		{one, "local", ""},
		{other, "local", ""},
		{other, "local", "a-b"},
		{one, "local", "platform-local"},
		{one, "local", "local"},
		{one, "local", strings.Repeat("long", 100)},
		{one, "local", strings.Repeat("long", 101)},
		{one, "local", "../../etc"},
		{one, "local", "ü"},
	} {
		s := m.session(tc.checkout, tc.stack, tc.context)
		name := filepath.Base(s.place)
		assert.Empty(t, seen[strings.ToLower(name)], "%v", tc)
		seen[strings.ToLower(name)] = s.owner.String()
		assert.Regexp(t, `^`+tc.stack+`[A-Za-z0-9._-]*-[0-9a-f]{12}$`, name)
		assert.LessOrEqual(t, len(name), 53)
		assert.Equal(t, m.stacks, filepath.Dir(s.place))
		assert.True(t, strings.HasSuffix(name, s.key))
	}
}

func TestACheckoutHasOneFolderByWhateverPath(t *testing.T) {
	m := newMachine(t)
	checkout, link := m.checkout(), filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(checkout, link))
	assert.Equal(t, m.session(checkout, "local", "").place, m.session(link, "local", "").place)
}

func TestAFolderOfAnotherIsRefused(t *testing.T) {
	m := newMachine(t)
	one, other := m.deployed(m.checkout(), "local", "mine"), m.session(m.checkout(), "local", "mine")
	require.NoError(t, os.CopyFS(other.place, os.DirFS(one.place)))
	err := other.moveIn(t.Context())
	require.ErrorContains(t, err, other.place+" is the folder of stack local with the context \"mine\" of the checkout "+one.owner.Checkout)
	m.write(filepath.Join(other.place, ownerFile), "{")
	require.ErrorContains(t, other.moveIn(t.Context()), ownerFile)
}

func TestStateFollowsTheCheckout(t *testing.T) {
	for name, context := range map[string]string{"embedded": "", "context": "mine"} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			before, bystander := m.deployed(m.checkout(), "local", context), m.deployed(m.checkout(), "local", context)
			m.deployed(before.root, "k3s", "mine")
			now := filepath.Join(t.TempDir(), "moved")
			require.NoError(t, os.Rename(before.root, now))

			looker := m.session(now, "local", context)
			require.NoError(t, looker.findHome())
			assert.Equal(t, before.home, looker.home, "who only looks moves nothing")
			s := m.session(now, "local", context)
			require.NoError(t, s.moveIn(t.Context()))
			assert.Equal(t, s.place, s.home)
			m.holds(s)
			assert.NoDirExists(t, before.home)
			assert.Contains(t, m.said.String(), "its folder was "+before.home+" and is "+s.place+" now")
			m.said.Reset()
			require.NoError(t, m.session(now, "local", context).moveIn(t.Context()))
			assert.Empty(t, m.said.String(), "once")
			require.NoError(t, bystander.moveIn(t.Context()))
			m.holds(bystander)
		})
	}
}

// A run that ends between the two steps of moving leaves a folder that says
// another path than its name.
func TestStateFollowsTheCheckoutInTwoSteps(t *testing.T) {
	m := newMachine(t)
	before, now := m.deployed(m.checkout(), "local", "mine"), filepath.Join(t.TempDir(), "moved")
	require.NoError(t, os.Rename(before.root, now))
	s := m.session(now, "local", "mine")
	require.NoError(t, os.Rename(before.home, s.place))
	require.NoError(t, s.moveIn(t.Context()))
	m.holds(s)
	of, err := ownerOf(s.place)
	require.NoError(t, err)
	assert.Equal(t, s.owner, *of)
}

func TestSeveralCheckoutsAreGone(t *testing.T) {
	for name, context := range map[string]string{"embedded": "", "context": "mine"} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			one, other := m.deployed(m.checkout(), "local", context), m.deployed(m.checkout(), "local", context)
			now := filepath.Join(t.TempDir(), "moved")
			require.NoError(t, os.Rename(one.root, now))
			require.NoError(t, os.RemoveAll(other.root))
			s := m.session(now, "local", context)
			err := s.moveIn(t.Context())
			said := m.said.String()
			if context == "" {
				require.NoError(t, err, "its objects are gone with its cluster, so it can begin again")
				assert.Contains(t, said, "begins again")
				assert.NoFileExists(t, s.checkpoint())
			} else {
				require.Error(t, err, "its objects are there")
				assert.NoDirExists(t, s.place)
				said = err.Error()
			}
			for _, left := range []*Session{one, other} {
				assert.Contains(t, said, left.home+", of "+left.root)
				m.holds(left)
			}
			if context == "" {
				require.NoError(t, os.Rename(now, one.root)) // as the message says
				require.NoError(t, one.moveIn(t.Context()))
				m.holds(one)
				return
			}
			assert.Contains(t, said, "mv FOLDER "+s.place)
			require.NoError(t, os.Rename(one.home, s.place))
			require.NoError(t, s.moveIn(t.Context()))
			m.holds(s)
		})
	}
}

func TestAnewIsADecision(t *testing.T) {
	m := newMachine(t)
	one, other := m.deployed(m.checkout(), "local", "mine"), m.deployed(m.checkout(), "local", "mine")
	require.NoError(t, errors.Join(os.RemoveAll(one.root), os.RemoveAll(other.root)))
	s := m.session(m.checkout(), "local", "mine")
	require.ErrorContains(t, s.moveIn(t.Context()), "mkdir -p "+s.place)
	require.NoError(t, os.MkdirAll(s.place, 0o755))
	require.NoError(t, s.moveIn(t.Context()))
	assert.NoFileExists(t, s.checkpoint())
}

func TestWhereStacksAreKept(t *testing.T) {
	home, state := t.TempDir(), t.TempDir()
	for name, tc := range map[string]struct{ stacks, xdg, want, problem string }{
		"PLATFORM_STACKS": {stacks: state, xdg: "ignored", want: state},
		"XDG_STATE_HOME":  {xdg: state, want: filepath.Join(state, "platform", "stacks")},
		"neither":         {want: filepath.Join(home, ".local", "state", "platform", "stacks")},
		"relative":        {xdg: "state", problem: `XDG_STATE_HOME: "state" is relative`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("HOME", home)
			t.Setenv("PLATFORM_STACKS", tc.stacks)
			t.Setenv("XDG_STATE_HOME", tc.xdg)
			got, err := StacksFolder()
			if tc.problem != "" {
				require.ErrorContains(t, err, tc.problem)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}
