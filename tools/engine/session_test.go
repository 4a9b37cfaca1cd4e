package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		"embedded":     {Options{Stack: "local"}, true, true, "platform-local", "local"},
		"own cluster":  {Options{Stack: "local", Context: "team/a"}, true, false, "team/a", "local-team-a"},
		"shared stack": {Options{Stack: "prod"}, false, false, "enac-k8s", "prod"},
		"Edd Cloud":    {Options{Stack: "k3s-local"}, true, true, "platform-k3s-local", "k3s-local"},
	} {
		t.Run(name, func(t *testing.T) {
			s := prepared(t, tc.opts)
			assert.Equal(t, tc.own, s.own)
			assert.Equal(t, tc.cluster, s.cluster)
			assert.Equal(t, tc.context, s.context)
			assert.Equal(t, tc.home, filepath.Base(s.home))
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

func TestStackFileKeepsTheSaltAndTakesTheContext(t *testing.T) {
	s := prepared(t, Options{Stack: "local", Context: "mine"})
	require.NoError(t, s.writeProject())
	require.NoError(t, s.writeStackFile("mine"))
	path := filepath.Join(s.project, "Pulumi.local.yaml")
	values, err := readYAML(path)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"context": "mine"}, values["config"].(map[string]any)["platform:cluster"])
	values["encryptionsalt"] = "v1:salt"
	require.NoError(t, writeYAML(path, values))
	require.NoError(t, s.writeStackFile("mine"))
	values, err = readYAML(path)
	require.NoError(t, err)
	assert.Equal(t, "v1:salt", values["encryptionsalt"], "without it the state cannot be read")

	project, err := readYAML(filepath.Join(s.project, "Pulumi.yaml"))
	require.NoError(t, err)
	assert.Equal(t, s.root, project["main"])
	assert.Equal(t, "platform", project["name"])
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
			w := &watch{out: &shown, hints: map[string]string{"currently locked by": "recover", "PULUMI_TOKEN": "log in"}}
			for _, part := range tc.writes {
				_, err := w.Write([]byte(part))
				require.NoError(t, err)
			}
			assert.Equal(t, tc.want, w.hint)
			assert.Equal(t, strings.Join(tc.writes, ""), shown.String())
		})
	}
}
