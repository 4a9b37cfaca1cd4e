//go:build e2e

package gitops

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tools/engine"
)

// TestEveryStackForArgoCD renders with the real engine and provider.
func TestEveryStackForArgoCD(t *testing.T) {
	folder := t.TempDir()
	options := func(stack string) Options { return optionsOf(t, stack) }
	stacks := map[string]struct {
		secrets int            // that the operator writes, as the descriptions list them
		waves   map[string]int // of what waits for a Job
	}{
		"prod":    {3, map[string]int{"Deployment/backend": 2, "Deployment/celery-worker": 2, "Deployment/redis": 0, "StatefulSet/postgres": 0, "HorizontalPodAutoscaler/backend-hpa": 3, "PersistentVolumeClaim/db-dump-archives": 3, "PersistentVolumeClaim/postgres-pvc": 0}},
		"staging": {secrets: 3},
		"dev":     {secrets: 3},
		// The twelfth Secret is cert-manager's, which gateway mounts.
		"k3s": {11, map[string]int{"Certificate/eddisonso-wildcard-tls": 2, "Deployment/gateway": 2, "Deployment/auth-service": 1, "Deployment/postgres": 0}},
	}
	for stack, want := range stacks {
		require.NoError(t, Write(t.Context(), options(stack), folder), stack)
		operators := 0
		found := map[string]string{}
		for _, one := range written(t, filepath.Join(folder, stack)) {
			assert.NotEqual(t, "Secret", one.GetKind(), one.file)
			if one.GetKind() == "InfisicalStaticSecret" {
				operators++
			}
			found[one.GetKind()+"/"+one.GetName()] = one.GetAnnotations()[syncWave]
		}
		assert.Equal(t, want.secrets, operators, "Secrets of stack %s", stack)
		for object, wave := range want.waves {
			is, there := found[object]
			assert.True(t, there, object)
			assert.Equal(t, map[int]string{0: "", 1: "1", 2: "2", 3: "3"}[wave], is, object)
		}
	}
	t.Run("the same input gives the same bytes", func(t *testing.T) {
		for _, stack := range []string{"prod", "k3s"} { // one of each program
			require.NoError(t, Check(t.Context(), options(stack), folder), stack)
		}
	})
	t.Run("what somebody edited, added or removed is named", func(t *testing.T) {
		at := func(name string) string { return filepath.Join(folder, name) }
		entries, err := os.ReadDir(at("prod"))
		require.NoError(t, err)
		edited, removed := filepath.Join("prod", entries[0].Name()), filepath.Join("prod", entries[1].Name())
		require.NoError(t, os.WriteFile(at(edited), []byte("kind: Edited\n"), 0o600))
		require.NoError(t, os.Remove(at(removed)))
		require.NoError(t, os.WriteFile(at("prod/added.yaml"), []byte("kind: Added\n"), 0o600))
		err = Check(t.Context(), options("prod"), folder)
		for _, line := range []string{edited + " differs", removed + " is missing", "prod/added.yaml is left over", "make gitops STACK=prod"} {
			require.ErrorContains(t, err, line)
		}
		assert.NoError(t, Check(t.Context(), options("dev"), folder), "another stack")
		require.NoError(t, Write(t.Context(), options("prod"), folder))
		assert.NoError(t, Check(t.Context(), options("prod"), folder))
	})
	t.Run("a stack whose Secrets nobody can write is refused", func(t *testing.T) {
		err := Write(t.Context(), Options{
			Stack: "local", Config: options("local").Config, Render: engine.Options{Root: "../..", Stack: "local"},
		}, folder)
		require.ErrorIs(t, err, errSecret)
	})
}

func optionsOf(t *testing.T, stack string) Options {
	t.Helper()
	cfg, err := config.ReadFile(stack, "../../Pulumi."+stack+".yaml")
	require.NoError(t, err)
	return Options{
		Stack: stack, Config: cfg, Repository: "https://github.com/team/platform", Branch: "rendered",
		Render: engine.Options{Root: "../..", Stack: stack, Delivery: config.DeliveryOperator},
	}
}

// written are the manifests of a folder.
func written(t *testing.T, folder string) []*object {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var objects []*object
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		require.NoError(t, err)
		one, err := parse(entry.Name(), text)
		require.NoError(t, err)
		objects = append(objects, one)
	}
	return objects
}
