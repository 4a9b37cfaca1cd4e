package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// based is a stack file with a base beside it, both from the fixture: the stack
// file keeps what is given, and the base has all.
func based(t *testing.T, own map[string]any, changes ...change) (stackFile string) {
	t.Helper()
	folder := t.TempDir()
	write := func(name string, tree map[string]any) string {
		settings := map[string]any{}
		for key, value := range tree {
			settings[Namespace+":"+key] = value
		}
		text, err := yaml.Marshal(map[string]any{"config": settings})
		require.NoError(t, err)
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		return path
	}
	write("shared.yaml", changed(t, epflFixture, changes...))
	for _, key := range []string{"environment", "cluster", "secrets"} {
		if own[key] == nil {
			own[key] = fixture(t, epflFixture)[key]
		}
	}
	own[baseKey] = "shared.yaml"
	return write("Pulumi.prod.yaml", own)
}

func TestAStackTakesSettingsFromItsBase(t *testing.T) {
	c, err := ParseFile[EPFL](testStack, based(t, map[string]any{
		"environment": "staging",
		"backend":     map[string]any{"replicas": 3, "autoscaling": map[string]any{"minReplicas": 3}, "nodeSelector": map[string]any{"disk": "slow"}, "egress": []any{}},
		"services":    nil,
		"worker":      map[string]any{"module": nil},
		"topology":    map[string]any{"ingressController": map[string]any{"labels": map[string]any{"app": "traefik"}}},
	}, change{"protect", true}, change{"waivers", []any{map[string]any{"resource": "Service/a/b", "change": "deleted", "reason": "once"}}},
		change{"backend.autoscaling.memoryPercent", 75}, change{"worker.module", "app.other"}, change{"services", map[string]any{"docs": map[string]any{}}},
		change{"topology.nodes[0].labels[disk]", "slow"}))
	require.NoError(t, err)
	assert.Equal(t, "staging", c.Environment)
	assert.Equal(t, 3, c.Backend.Replicas, "its own")
	assert.Equal(t, "ghcr.io/epfl-enac/epfl/co2-calculator/backend:v1.0.0", c.Backend.Image, "what it does not write")
	assert.Equal(t, map[string]string{"disk": "slow"}, c.Backend.NodeSelector, "labels replace labels")
	assert.Equal(t, map[string]string{"app": "traefik"}, c.Topology.IngressController.Labels, "labels replace labels")
	assert.Equal(t, "ingress-nginx", c.Topology.IngressController.Namespace)
	assert.Empty(t, c.Backend.Egress, "a list replaces a list")
	assert.Equal(t, 75, c.Backend.Autoscaling.MemoryPercent, "objects are merged at every depth")
	assert.False(t, c.Protect, "protection is each stack's own")
	assert.Empty(t, c.Services, "what has no value is taken away")
	assert.Equal(t, DefaultWorkerModule, c.Worker.Module, "and leaves the default")
	assert.Empty(t, c.Waivers, "a waiver is one stack's")
}

func TestErrorsNameTheFileThatHasTheKey(t *testing.T) {
	_, err := ParseFile[EPFL](testStack, based(t, map[string]any{
		"backend": map[string]any{"replicas": -1},
	}, change{"frontend.replicas", -1}, change{"redis.storageGib", 3}, change{"edge.host", absent}))
	found := map[string]string{}
	for _, problem := range problemsOf(t, err) {
		found[problem.Key] = problem.Remedy
	}
	assert.Contains(t, found["backend.replicas"], "in Pulumi.prod.yaml")
	assert.Contains(t, found["frontend.replicas"], "in shared.yaml")
	assert.Contains(t, found["redis.storageGib"], "in shared.yaml")
	assert.Contains(t, found["edge.host"], "in Pulumi.prod.yaml", "what is nowhere belongs into the stack's own file")
}

func TestBaseIsRefused(t *testing.T) {
	for name, tc := range map[string]struct{ base, want string }{
		"missing":       {"none.yaml", "platform:base (stack prod): it cannot be read: "},
		"with a base":   {"second.yaml", "second.yaml takes settings from another file itself"},
		"no YAML":       {"broken.yaml", "broken.yaml: it is not valid YAML"},
		"with a typo":   {"typo.yaml", "plattform:worker (stack prod): nothing reads it; did you mean platform:worker? rename it in typo.yaml"},
		"with a secret": {"secret.yaml", "platform:redis.image (stack prod): it is marked secret"},
	} {
		t.Run(name, func(t *testing.T) {
			path := based(t, map[string]any{})
			folder := filepath.Dir(path)
			for file, text := range map[string]string{
				"second.yaml": "config: {platform:base: shared.yaml}", "broken.yaml": "config: [", "typo.yaml": "config: {plattform:worker: {}}",
				"secret.yaml": "config: {platform:redis: {image: {secure: v1:hunter2}}}",
			} {
				require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600))
			}
			file, err := ReadStackFile(path)
			require.NoError(t, err)
			file.Set("platform:base", tc.base)
			require.NoError(t, file.Write(path))
			_, err = ParseFile[EPFL](testStack, path)
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), credential)
		})
	}
}

// The engine starts the policy pack with values alone: a path leads from the
// project's folder on, wherever below it the pack runs.
func TestBaseIsFoundFromWithinTheProject(t *testing.T) {
	raw := map[string]string{"base": "config/epfl.yaml"}
	src, err := source{values: raw}.withBase("dev", "")
	require.NoError(t, err)
	assert.Contains(t, src.base.values["topology"], "rcp-nas")
	t.Chdir(t.TempDir())
	_, err = source{values: raw}.withBase("dev", "")
	assert.ErrorContains(t, err, "no Pulumi.yaml in ")
}
