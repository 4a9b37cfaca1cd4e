//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// retired is an image of a repository that nobody looks after any more, and
// retiredRule the rule against it.
const (
	retired     = "docker.io/bitnami/redis:7.4.1"
	retiredRule = "image-comes-from-allowed-registry"
)

// TestPolicy is the policy pack in the hands of the real engine. Its steps build
// on each other.
func TestPolicy(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "local")
	t.Run("a stack as it is keeps to the rules", func(t *testing.T) {
		out := c.make("preview")
		assert.Contains(t, out, "platform@v", "the pack was asked")
		assert.NotContains(t, out, "[mandatory]")
	})
	c.make("up")
	l := connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
	before, inventory := specGenerations(l), l.inventory()
	c.edit("local", "platform:redis.image", retired)
	t.Run("a broken rule stops a preview and a deployment", func(t *testing.T) {
		for _, target := range []string{"preview", "up"} {
			out := c.refuse(target)
			assert.Contains(t, out, retiredRule, target)
			assert.Contains(t, out, "[mandatory]", target)
			assert.Contains(t, out, "Deployment/redis container redis, spec.template.spec.containers[0].image: docker.io/bitnami/redis is no longer looked after", target)
		}
		assert.Equal(t, before, specGenerations(l), "nothing changed")
		assert.Equal(t, inventory, l.inventory())
	})
	c.edit("local", "platform:waivers", []any{map[string]any{"resource": "Deployment/" + localNamespace + "/redis", "change": "upgrade", "reason": "a queue that is empty"}})
	t.Run("a user sets the level", func(t *testing.T) {
		c.write("policy.json", `{"`+retiredRule+`": "advisory"}`)
		out := c.make("preview", "ARGS=--policy-pack-config policy.json")
		assert.Contains(t, out, retiredRule)
		assert.NotContains(t, out, "[mandatory]")
		assert.Equal(t, 1, count(out, "update"))
	})
	t.Run("a user sets a parameter", func(t *testing.T) {
		c.write("policy.json", `{"`+retiredRule+`": {"denied": [], "allowed": ["docker.io", "ghcr.io"]}}`)
		assert.NotContains(t, c.make("preview", "ARGS=--policy-pack-config=policy.json"), retiredRule)
	})
	t.Run("mistakes in the configuration are reported at once", func(t *testing.T) {
		c.write("policy.json", `{"nonesuch": {"most": 1}, "`+retiredRule+`": {"denied": "bitnami"}}`)
		out := c.refuse("preview", "ARGS=--policy-pack-config policy.json")
		assert.Contains(t, out, "rule nonesuch: there is none of this name")
		assert.Contains(t, out, "rule "+retiredRule+": parameter denied is a list of texts")
	})
	c.edit("local", "platform:redis.image", "redis:7.4-alpine")
	t.Run("a user's own pack comes beside it", func(t *testing.T) {
		out, err := exec.Command("cp", filepath.Join(c.dir, "bin", "policy-pack"), filepath.Join(c.dir, "other-pack")).CombinedOutput()
		require.NoError(t, err, string(out))
		shown := c.make("preview", "ARGS=--policy-pack other-pack")
		assert.Contains(t, shown, filepath.Join(c.dir, "bin", "policy-pack"))
		assert.Contains(t, shown, filepath.Join(c.dir, "other-pack"))
	})
	t.Run("a pack that cannot be built is an error", func(t *testing.T) {
		c.write("policy/broken.go", "package main\n\nvar _ = none\n")
		assert.Contains(t, c.refuse("preview"), "the policy pack does not compile")
		require.NoError(t, os.Remove(filepath.Join(c.dir, "policy", "broken.go")))
	})
	t.Run("no pack outlives its engine", func(t *testing.T) {
		require.Eventually(t, func() bool { return len(running(t, filepath.Join(c.dir, "bin", "policy-pack"))) == 0 }, 30*time.Second, 100*time.Millisecond)
	})
}

// write puts a file into the checkout.
func (c *checkout) write(name, content string) {
	c.t.Helper()
	require.NoError(c.t, os.WriteFile(filepath.Join(c.dir, name), []byte(content), 0o600))
}

// specGenerations are those of the namespace's objects of each kind that has
// them: they change with every change of what is asked for. The Deployment
// backend is left out, for its autoscaler writes to it.
func specGenerations(l live) map[string]int64 {
	found := map[string]int64{}
	for _, kind := range ownKinds {
		list, err := l.dynamic.Resource(kind).Namespace(l.namespace).List(context.Background(), metav1.ListOptions{})
		require.NoError(l.t, err)
		for _, item := range list.Items {
			if metav1.GetControllerOf(&item) == nil { // a schedule makes Jobs at any time
				found[kind.Resource+"/"+item.GetName()] = item.GetGeneration()
			}
		}
	}
	delete(found, "deployments/backend")
	return found
}

// running are the processes of a program.
func running(t *testing.T, program string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	require.NoError(t, err)
	var found []string
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.TrimSuffix(target, " (deleted)") == program {
			found = append(found, link)
		}
	}
	return found
}
