//go:build e2e && argocd

package gitops

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// TestArgoCD syncs stacks with a real Argo CD.
func TestArgoCD(t *testing.T) {
	for _, stack := range []string{"dev", "prod", "k3s"} {
		t.Run(stack, func(t *testing.T) {
			a := newArgo(t, stack)
			a.publish(nil)
			a.start()
			first := a.synced()
			for _, one := range first.Status.Resources {
				assert.Equal(t, "Synced", one.Status, "%s %s", one.Kind, one.Name)
				assert.NotContains(t, []string{"Missing", "Unknown"}, one.Health.Status, "%s %s %s", one.Kind, one.Name, one.Health.Message)
			}
			assert.Empty(t, a.names("jobs"), "Jobs that succeeded go with the sync")
			again := first
			for range 2 { // comparisons
				again = a.compared(again)
				assert.Equal(t, "Synced", again.Status.Sync.Status)
				assert.Equal(t, first.Status.OperationState.StartedAt, again.Status.OperationState.StartedAt, "nothing is applied again")
			}
		})
	}
}

// TestArgoCDKeepsWhatHoldsData takes objects off the branch, and then the
// Application away.
func TestArgoCDKeepsWhatHoldsData(t *testing.T) {
	a := newArgo(t, "dev")
	a.options.Config.Shared().GitOps.Prune = &config.Automation{Reason: "the test asks what is left"}
	a.publish(nil)
	a.start()
	a.synced()
	before := map[string][]string{}
	for _, kind := range []string{"persistentvolumeclaims", "statefulsets", "networkpolicies", "serviceaccounts", "deployments"} {
		before[kind] = a.names(kind)
	}
	require.Contains(t, before["networkpolicies"], "redis-network-policy")

	t.Run("what left the branch", func(t *testing.T) {
		a.publish(func(folder string) {
			for _, pattern := range []string{"*persistentvolumeclaim*redis-data.yaml", "*deployment*redis.yaml", "*networkpolicy*redis*.yaml", "*networkpolicy*postgres-network-policy.yaml"} {
				files, err := filepath.Glob(filepath.Join(folder, pattern))
				require.NoError(t, err)
				require.NotEmpty(t, files, pattern)
				for _, file := range files {
					require.NoError(t, os.Remove(file))
				}
			}
		})
		a.synced()
		assert.Contains(t, a.names("persistentvolumeclaims"), "redis-data")
		assert.NotContains(t, a.names("deployments"), "redis")
		assert.NotContains(t, a.names("networkpolicies"), "redis-network-policy")
		assert.Contains(t, a.names("networkpolicies"), "postgres-network-policy")
	})
	t.Run("a Job of another name goes", func(t *testing.T) {
		a.publish(func(folder string) {
			files, err := filepath.Glob(filepath.Join(folder, "*job*backend-migrate*.yaml"))
			require.NoError(t, err)
			require.Len(t, files, 1)
			text, err := os.ReadFile(files[0])
			require.NoError(t, err)
			name := strings.TrimSuffix(files[0], ".yaml")
			name = name[strings.LastIndex(name, "-")+1:]
			require.NoError(t, os.WriteFile(files[0], bytes.ReplaceAll(text, []byte(name), []byte("another")), 0o600))
		})
		a.synced()
		assert.Empty(t, a.names("jobs"), "of the older image and of the newer one")
	})
	t.Run("the Application is deleted", func(t *testing.T) {
		a.must("patch", "application", "platform-dev", "--namespace", argoNamespace, "--type", "merge", "--patch", `{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}`)
		a.must("delete", "application", "platform-dev", "--namespace", argoNamespace, "--timeout", "3m")
		assert.Empty(t, a.names("deployments"))
		assert.ElementsMatch(t, []string{"default-deny", "postgres-network-policy"}, a.names("networkpolicies"))
		assert.Equal(t, []string{"postgres"}, a.names("statefulsets"))
		assert.ElementsMatch(t, before["persistentvolumeclaims"], a.names("persistentvolumeclaims"))
		assert.Subset(t, a.names("serviceaccounts"), []string{"postgres"})
	})
}
