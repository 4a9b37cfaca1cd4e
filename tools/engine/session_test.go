package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"platform/config"
	"platform/tools/toolchain"
)

func prepared(t *testing.T, opts Options) *Session {
	t.Helper()
	opts.Root, opts.Stacks = "../..", t.TempDir()
	s, err := prepare(opts)
	require.NoError(t, err)
	return s
}

// environmentOf is what the engine gets in the environment for the stack local.
func environmentOf(t *testing.T) []string {
	t.Helper()
	s := prepared(t, Options{Stack: "local"})
	s.tools = &toolchain.Toolchain{}
	s.setEnvironment()
	return s.env
}

func TestWhereAStackLives(t *testing.T) {
	for name, tc := range map[string]struct {
		opts         Options
		own, cluster bool
		context      string
		home         string
	}{
		"embedded":     {Options{Stack: "local"}, true, true, "platform-local", "local-"},
		"own cluster":  {Options{Stack: "local", Context: "team/a"}, true, false, "team/a", "local-team-a-"},
		"shared stack": {Options{Stack: "prod"}, false, false, "enac-k8s", "prod-"},
		"Edd Cloud":    {Options{Stack: "k3s-local"}, true, true, "platform-k3s-local", "k3s-local-"},
	} {
		t.Run(name, func(t *testing.T) {
			s := prepared(t, tc.opts)
			assert.Equal(t, tc.own, s.own)
			assert.Equal(t, tc.cluster, s.cluster)
			assert.Equal(t, tc.context, s.context)
			assert.Equal(t, tc.home+s.key, filepath.Base(s.home))
			if !tc.own {
				assert.Equal(t, s.root, s.project, "the user's backend reads the checkout itself")
			}
		})
	}
}

func TestUnknownStackIsRefused(t *testing.T) {
	_, err := prepare(Options{Root: "../..", Stacks: t.TempDir(), Stack: "moon"})
	assert.ErrorContains(t, err, `stack "moon": is not one of dev, k3s, k3s-local, local, prod, staging`)
}

func TestOnlyWhoHasLoadBalancersBuildsTheirController(t *testing.T) {
	assert.NotContains(t, prepared(t, Options{Stack: "local"}).clusterTools(), toolchain.MetalLB)
	assert.Contains(t, prepared(t, Options{Stack: "k3s-local"}).clusterTools(), toolchain.MetalLB)
}

// A diff is folded, unless the command may ask: then it has the terminal.
func TestOnlyDiffsAreMaskedAndFolded(t *testing.T) {
	for name, tc := range map[string]struct {
		stack  string
		args   []string
		folded bool
	}{
		"preview with a diff":        {"prod", []string{"preview", "--diff"}, true},
		"preview without":            {"prod", []string{"preview"}, false},
		"a deployment of our own":    {"local", []string{"up", "--yes", "--diff"}, true},
		"a deletion that asks first": {"prod", []string{"destroy", "--diff"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			out, done, args := prepared(t, Options{Stack: tc.stack}).shown(tc.args, &eventLog{t.TempDir()}, func() {})
			_, folded := out.(*mask)
			assert.Equal(t, tc.folded, folded)
			assert.Equal(t, tc.args, args, "colors are for terminals")
			require.NoError(t, done())
		})
	}
}

// What the user has set stays.
func TestTheEngineIsTuned(t *testing.T) {
	t.Setenv("PULUMI_K8S_CLIENT_QPS", "")
	t.Setenv("GOGC", "75")
	env := environmentOf(t)
	assert.Contains(t, env, "PULUMI_K8S_CLIENT_QPS=-1")
	assert.Contains(t, env, "PULUMI_PARALLEL_DIFF=true")
	assert.NotContains(t, env, "GOGC=400")
}

func TestEmbeddedCommandsRefuseOtherStacks(t *testing.T) {
	_, err := Kubeconfig(Options{Root: "../..", Stacks: t.TempDir(), Stack: "prod"})
	assert.ErrorContains(t, err, `stack prod lives on the cluster of context "enac-k8s"`)
	_, err = Kubeconfig(Options{Root: "../..", Stacks: t.TempDir(), Stack: "local"})
	assert.ErrorContains(t, err, "start it with make cluster-up STACK=local")
}

func TestPassphraseIsKeptForTheUserAlone(t *testing.T) {
	s := prepared(t, Options{Stack: "local"})
	first, err := s.passphrase()
	require.NoError(t, err)
	assert.Len(t, first, 26, "130 bits in base 32")
	info, err := os.Stat(filepath.Join(s.home, "passphrase"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	second, err := s.passphrase()
	require.NoError(t, err)
	assert.Equal(t, first, second)
}

func TestFirstRunsSideBySideHaveOnePassphrase(t *testing.T) {
	s := prepared(t, Options{Stack: "local"})
	var all sync.Map
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			passphrase, err := s.passphrase()
			assert.NoError(t, err)
			all.Store(passphrase, true)
		})
	}
	wait.Wait()
	count := 0
	all.Range(func(any, any) bool { count++; return true })
	assert.Equal(t, 1, count)
	left, err := os.ReadDir(s.home)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing half is left")
}

func TestStateWithoutPassphraseIsNotGivenAnother(t *testing.T) {
	for name, tc := range map[string]struct {
		context string
		prepare func(path string) error
		remedy  string
	}{
		"empty":               {"", func(path string) error { return os.WriteFile(path, nil, 0o600) }, "make cluster-down STACK=local deletes both"},
		"a line alone":        {"", func(path string) error { return os.WriteFile(path, []byte("\n"), 0o600) }, "make cluster-down STACK=local deletes both"},
		"missing":             {"", os.Remove, "make cluster-down STACK=local deletes both"},
		"of a user's context": {"mine", os.Remove, "has to go by hand"},
	} {
		t.Run(name, func(t *testing.T) {
			s := prepared(t, Options{Stack: "local", Context: tc.context})
			first, err := s.passphrase()
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(filepath.Dir(s.checkpoint()), 0o700))
			require.NoError(t, os.WriteFile(s.checkpoint(), []byte("{}"), 0o600))
			path := filepath.Join(s.home, passphraseFile)
			require.NoError(t, tc.prepare(path))
			_, err = s.passphrase()
			require.ErrorContains(t, err, path+" is missing or empty")
			require.ErrorContains(t, err, tc.remedy)
			require.NoError(t, os.WriteFile(path, []byte(first+"\n"), 0o600), "an editor ends the line")
			again, err := s.passphrase()
			require.NoError(t, err)
			assert.Equal(t, first, again)
		})
	}
}

func TestStackFileKeepsTheSaltAndTakesTheContext(t *testing.T) {
	s := prepared(t, Options{Stack: "local", Context: "mine"})
	require.NoError(t, s.writeProject())
	require.NoError(t, s.writeStackFile("mine"))
	path := filepath.Join(s.project, "Pulumi.local.yaml")
	file, err := config.ReadStackFile(path)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"context": "mine"}, file.Setting("cluster"))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append([]byte("encryptionsalt: v1:salt\n"), text...), 0o600))
	require.NoError(t, s.writeStackFile("mine"))
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), "encryptionsalt: v1:salt\n", "without it the state cannot be read")

	var project map[string]any
	text, err = os.ReadFile(filepath.Join(s.project, "Pulumi.yaml"))
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &project))
	assert.Equal(t, s.root, project["main"])
	assert.Equal(t, "platform", project["name"])
}

// The engine reads a key without the namespace as one of the project's: two
// spellings of one key would be two values, of which chance takes one.
func TestContextIsOverriddenHoweverItIsSpelt(t *testing.T) {
	s := prepared(t, Options{Stack: "local", Context: "mine"})
	text, err := os.ReadFile(filepath.Join(s.root, "Pulumi.local.yaml"))
	require.NoError(t, err)
	s.root = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(s.root, "Pulumi.local.yaml"), bytes.ReplaceAll(text, []byte("  platform:"), []byte("  ")), 0o600))
	require.NoError(t, os.MkdirAll(s.project, 0o700))
	require.NoError(t, s.writeStackFile("mine"))
	text, err = os.ReadFile(filepath.Join(s.project, "Pulumi.local.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "platform:cluster:\n")
	assert.NotContains(t, string(text), " cluster:\n")
}

func TestStackFileLeavesTheTeamsKeysOut(t *testing.T) {
	s := prepared(t, Options{Stack: "local", Context: "mine"})
	text, err := os.ReadFile(filepath.Join(s.root, "Pulumi.local.yaml"))
	require.NoError(t, err)
	s.root = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(s.root, "Pulumi.local.yaml"), append([]byte("encryptionsalt: v1:team\nsecretsprovider: awskms://alias/team\nencryptedkey: team\n"), text...), 0o600))
	require.NoError(t, os.MkdirAll(s.project, 0o700))
	require.NoError(t, s.writeStackFile(""))
	text, err = os.ReadFile(filepath.Join(s.project, "Pulumi.local.yaml"))
	require.NoError(t, err)
	assert.NotContains(t, string(text), "team")
	assert.NotContains(t, string(text), "encryptionsalt")
}

func TestWatchSeesAWordAcrossWrites(t *testing.T) {
	for name, tc := range map[string]struct {
		writes []string
		want   string
	}{
		"one write":    {[]string{"error: the stack is currently locked by 1 lock"}, "recover"},
		"three writes": {[]string{"error: currently ", "lock", "ed by 1 lock"}, "recover"},
		"another word": {[]string{"set PULUMI_TOKEN"}, "log in"},
		"none":         {[]string{"currently unlocked by"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var shown bytes.Buffer
			w := &watch{out: &shown, hints: []advice{{"currently locked by", "recover"}, {"PULUMI_TOKEN", "log in"}}}
			for _, part := range tc.writes {
				_, err := w.Write([]byte(part))
				require.NoError(t, err)
			}
			assert.Equal(t, tc.want, w.hint)
			assert.Equal(t, strings.Join(tc.writes, ""), shown.String())
		})
	}
}

// A hint names the stack and the context that the command was run with, in a
// form that a shell takes.
func TestMakeNamesStackAndContext(t *testing.T) {
	assert.Equal(t, "make up STACK=local", Options{Stack: "local"}.MakeLine("up"))
	assert.Equal(t, "make recover STACK=k3s CONTEXT=edd", Options{Stack: "k3s", Context: "edd"}.MakeLine("recover"))
	assert.Equal(t, `make up STACK=dev 'CONTEXT=a b' 'ARGS=--target x$y'`, Options{Stack: "dev", Context: "a b"}.MakeLine("up", "ARGS=--target x$y"))
	s := prepared(t, Options{Stack: "local", Context: "mine"})
	assert.Equal(t, "make down STACK=local CONTEXT=mine", s.makeLine("down"))
}
