package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/engine"
)

// reachOf runs reach on manifests of one pod, beside others to compare with.
func reachOf(t *testing.T, args ...string) (string, error) {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(path, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(path, "pod.yaml"), []byte(text), 0o600))
		return path
	}
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: nats, namespace: core}\nspec: {containers: [{name: a, ports: [{containerPort: 4222}]}]}\n"
	policy := "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: core}\nspec: {podSelector: {}}\n"
	now, before := write("now", pod), write("before", pod+policy)
	cmd := newReach(&flags{root: ".", stack: "k3s"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return printed(t, cmd, append([]string{"--manifests", now, "--base-manifests", before}, args...)...)
}

func TestReachShowsTheMatrixAndChanges(t *testing.T) {
	out, err := reachOf(t)
	require.NoError(t, err)
	assert.Contains(t, out, "Who reaches whom in stack k3s")
	assert.Regexp(t, `newly +│ world +│ nats +│ 4222`, out)
	assert.Contains(t, out, "not as stated: world reaches core/nats at 1-2221,")
	out, err = reachOf(t, "--format", "json", "--host-endpoints", "none")
	require.NoError(t, err)
	assert.Contains(t, out, `"hostEndpoints": "none"`)
}

func TestReachTellsMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"format":          {[]string{"--format", "yaml"}, `format "yaml": is not one of table, json`},
		"host endpoints":  {[]string{"--host-endpoints", "some"}, `host-endpoints "some": is not one of none, open, closed`},
		"not as stated":   {[]string{"--check"}, "stack k3s: 7 connections are not as stated"},
		"two bases":       {[]string{"--base", "main"}, "none of the others can be"},
		"words":           {[]string{"now"}, `unknown command "now"`},
		"live and a base": {[]string{"--live"}, "live: it measures what runs, and compares with nothing else; leave out --base,"},
		"no manifests":    {[]string{"--manifests", t.TempDir()}, "has no manifests (*.yaml)"},
		"no base of them": {[]string{"--base-manifests", t.TempDir()}, "has no manifests (*.yaml)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := reachOf(t, tc.args...)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

// TestReachLiveNeedsRealNodes asks stacks whose clusters are none to measure on.
func TestReachLiveNeedsRealNodes(t *testing.T) {
	t.Setenv("PLATFORM_STACKS", t.TempDir())
	for stack, want := range map[string]string{
		"local": "stack local: its embedded cluster does not run; deploy the stack with make up STACK=local NODES=real",
		"prod":  "stack prod lives on the cluster of context",
	} {
		cmd := newReach(&flags{root: ".", stack: stack})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		_, err := printed(t, cmd, "--live")
		assert.ErrorContains(t, err, want)
	}
	home, err := engine.Folder(engine.Options{Stack: "local"})
	require.NoError(t, err)
	folder := filepath.Join(home, "cluster")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "cluster.json"), []byte(`{"nodes": "simulated", "ready": true}`), 0o600))
	cmd := newReach(&flags{root: ".", stack: "local"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	_, err = printed(t, cmd, "--live")
	assert.ErrorContains(t, err, "its embedded cluster has simulated nodes, which send no packet; delete it with make cluster-down STACK=local, then make up STACK=local NODES=real")
}

func TestReachAtNoRevision(t *testing.T) {
	cmd := newReach(&flags{root: ".", stack: "k3s"})
	pod := filepath.Join(t.TempDir(), "pod.yaml")
	require.NoError(t, os.WriteFile(pod, []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"), 0o600))
	cmd.SetArgs([]string{"--manifests", filepath.Dir(pod), "--base", "no-such-revision"})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	require.ErrorContains(t, cmd.ExecuteContext(t.Context()), `base "no-such-revision": is no revision of this checkout; name one with --base`)
}
