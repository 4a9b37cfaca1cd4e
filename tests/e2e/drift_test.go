//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"platform/tools/review"
)

// The exit codes of drift.
const (
	undrifted = 0
	unknown   = 1
	drifted   = 3
	changed   = 4
	both      = 5
)

// ownContext names the cluster as one that somebody else made: it is not started
// by itself when it is gone.
const ownContext = "own"

// manager is who edits the cluster by hand.
const manager = "kubectl-edit"

// TestDrift changes the cluster behind the engine's back. Its steps build on
// each other.
func TestDrift(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "local")
	c.commit()
	kubeconfig := renamed(t, startCluster(t, c), ownContext)
	c.setenv(t, "KUBECONFIG", kubeconfig)
	c.make("up", "CONTEXT="+ownContext)
	l := connect(t, kubeconfig, localNamespace)
	before, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	t.Run("none", func(t *testing.T) {
		require.Eventually(t, func() bool { return *l.deployments()["backend"].Spec.Replicas == 2 }, time.Minute, 200*time.Millisecond, "the autoscaler has written to its Deployment")
		out := c.drift(t, l, undrifted)
		assert.Contains(t, out, "Unchanged: local (cluster), local (drift)")
	})
	t.Run("what others add is theirs", func(t *testing.T) {
		l.patch("deployments", "frontend", `{"metadata": {"labels": {"team.example.org/owner": "somebody"}, "annotations": {"team.example.org/note": "seen"}}}`)
		c.drift(t, l, undrifted)
	})
	t.Run("an autoscaler's replicas are its own", func(t *testing.T) {
		l.patch("deployments", "backend", `{"spec": {"replicas": 4}}`)
		c.drift(t, l, undrifted)
	})
	t.Run("the program alone", func(t *testing.T) {
		c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
		out := c.drift(t, l, changed)
		assert.Contains(t, out, "the program is not what was deployed: local (1 resources)")
		assert.Contains(t, out, "make up")
		assert.NotContains(t, out, "the cluster is not as it was deployed")
		c.restore("local", before)
	})
	t.Run("the cluster alone", func(t *testing.T) {
		l.patch("deployments", "celery-worker", `{"spec": {"replicas": 3}}`)
		l.patch("configmaps", "backend-config", `{"data": {"LOG_LEVEL": "CRITICAL", "BY_HAND": "yes"}}`)
		require.NoError(t, l.typed.CoreV1().Services(l.namespace).Delete(context.Background(), "frontend-service", metav1.DeleteOptions{}))
		out := c.drift(t, l, drifted)
		for _, want := range []string{
			"the cluster is not as it was deployed: local (3 objects)", "make refresh", "PULUMI_K8S_ENABLE_PATCH_FORCE=true make up",
			"Deployment co2-calculator-local/celery-worker", "- spec.replicas: 1", "+ spec.replicas: 3",
			"ConfigMap co2-calculator-local/backend-config", "- data.LOG_LEVEL: DEBUG", "+ data.LOG_LEVEL: CRITICAL",
			"delete Service co2-calculator-local/frontend-service",
		} {
			assert.Contains(t, out, want)
		}
		for _, never := range []string{"the program is not what was deployed", "co2-calculator-local/backend\n", "team.example.org"} {
			assert.NotContains(t, out, never)
		}
	})
	t.Run("both", func(t *testing.T) {
		c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
		data := filepath.Join(t.TempDir(), "drift.json")
		out := c.drift(t, l, both, "--out", data)
		assert.Contains(t, out, "the cluster is not as it was deployed: local (3 objects)")
		assert.Contains(t, out, "the program is not what was deployed: local (1 resources)")
		ofCluster, ofProgram := viewsOf(t, data)
		assert.ElementsMatch(t, []string{"celery-worker", "backend-config", "frontend-service"}, namesOf(ofCluster))
		assert.Equal(t, []string{"frontend"}, namesOf(ofProgram))
		comment := filepath.Join(t.TempDir(), "comment.md")
		shown, code := c.ctl("comment", "show", data, "--markdown", comment)
		require.Zero(t, code, shown)
		text, err := os.ReadFile(comment)
		require.NoError(t, err)
		for _, want := range []string{
			"| `local` (drift) | ≠ Drifted |  | 2 |  | 1 |", "| `local` (cluster) | ✓ Safe |  | 1 |  |  |", "Stack <code>local</code> (drift): ", "Stack <code>local</code> (cluster): ",
			"the program has no part in it", "it is what a deployment would do",
		} {
			assert.Contains(t, string(text), want)
		}
		c.restore("local", before)
	})
	t.Run("put back", func(t *testing.T) { c.putBack(t, l) })
	t.Run("what is gone", func(t *testing.T) {
		ctx, gone := context.Background(), metav1.DeleteOptions{}
		require.NoError(t, l.typed.AppsV1().Deployments(l.namespace).Delete(ctx, "frontend", gone))
		require.NoError(t, l.typed.CoreV1().ConfigMaps(l.namespace).Delete(ctx, "backend-config", gone))
		out := c.drift(t, l, drifted)
		assert.Contains(t, out, "2 to delete")
		assert.Contains(t, out, "ConfigMap co2-calculator-local/backend-config")
		assert.Contains(t, out, "Deployment co2-calculator-local/frontend")
		if everyCase {
			t.Run("and the program changes it", func(t *testing.T) {
				c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
				out := c.drift(t, l, both)
				assert.Contains(t, out, "the program is not what was deployed: local (1 resources)")
				c.edit("local", "platform:worker.replicas", 2)
				out = c.drift(t, l, both)
				assert.Contains(t, out, "the program is not what was deployed: local (3 resources)") // the image, the replicas and a budget
				c.restore("local", before)
			})
		}
		c.putBack(t, l)
		assert.Contains(t, l.deployments(), "frontend")
	})
	if everyCase {
		t.Run("what the program has otherwise", func(t *testing.T) {
			c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
			c.drift(t, l, changed)
			c.make("up", "CONTEXT="+ownContext)
			c.drift(t, l, undrifted)
		})
	}
	t.Run("a secret where everybody reads", func(t *testing.T) {
		kept, err := l.typed.CoreV1().Secrets(l.namespace).Get(context.Background(), "redis-auth", metav1.GetOptions{})
		require.NoError(t, err)
		password := string(kept.Data["password"])
		encoded := base64.StdEncoding.EncodeToString([]byte("user:" + password))
		l.patch("configmaps", "backend-config", `{"data": {"LOG_LEVEL": "to `+password+` and on", "LOG_FORMAT": "`+encoded+`", "DATABASE_NAME": "other"}}`)
		folder := t.TempDir()
		data, page, comment := filepath.Join(folder, "drift.json"), filepath.Join(folder, "page.html"), filepath.Join(folder, "comment.md")
		said := map[string]string{"drift": c.drift(t, l, drifted, "--out", data)}
		out, code := c.ctl("comment", "show", data, "--html", page, "--markdown", comment)
		require.Zero(t, code, out)
		said["comment show"] = out
		for _, file := range []string{data, page, comment} {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			said[file] = string(text)
		}
		for name, text := range said {
			for _, secret := range []string{password, encoded, encoded[8:40]} {
				assert.NotContains(t, text, secret, name)
			}
			assert.Contains(t, text, review.RuleShown, name)
			assert.Contains(t, text, "data.LOG_FORMAT", name)
			assert.Contains(t, text, "other", "what is beside it stays, in "+name)
		}
		l.patch("configmaps", "backend-config", `{"data": {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "DATABASE_NAME": "co2calculator"}}`)
		c.drift(t, l, undrifted)
	})
	t.Run("a cluster that is gone", func(t *testing.T) {
		state := c.stateOf(t)
		c.make("cluster-down")
		out, code := c.ctl("--context", ownContext, "drift")
		assert.Equal(t, unknown, code, out)
		for _, want := range []string{"error: ", "stack local", "nobody knows whether it drifted", ownContext} {
			assert.Contains(t, out, want)
		}
		assert.Equal(t, state, c.stateOf(t))
	})
}

// putBack does what drift says of a cluster that is not as it was deployed.
func (c *checkout) putBack(t *testing.T, l live) {
	t.Helper()
	c.make("refresh", "CONTEXT="+ownContext)
	c.drift(t, l, changed)
	t.Run("by force", func(t *testing.T) {
		c.setenv(t, "PULUMI_K8S_ENABLE_PATCH_FORCE", "true")
		c.make("up", "CONTEXT="+ownContext)
	})
	c.drift(t, l, undrifted)
}

// drift runs the command, which must write nothing, and end with a code.
func (c *checkout) drift(t *testing.T, l live, want int, args ...string) string {
	t.Helper()
	generations, state := specGenerations(l), c.stateOf(t)
	out, code := c.ctl(append([]string{"--context", ownContext, "drift"}, args...)...)
	require.Equal(t, want, code, out)
	assert.Equal(t, generations, specGenerations(l), "nothing in the cluster is written")
	assert.Equal(t, state, c.stateOf(t), "nor is the state")
	return out
}

// stateOf are the files of the stack's state.
func (c *checkout) stateOf(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := filepath.Join(c.home(ownContext), "state")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, root)] = string(text)
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// patch changes an object by hand.
func (l live) patch(resource, name, change string) {
	l.t.Helper()
	for _, kind := range ownKinds {
		if kind.Resource == resource {
			_, err := l.dynamic.Resource(kind).Namespace(l.namespace).Patch(context.Background(), name, types.MergePatchType, []byte(change), metav1.PatchOptions{FieldManager: manager})
			require.NoError(l.t, err)
		}
	}
}

// viewsOf are the sections of a file: what the cluster has otherwise, and what
// the program has.
func viewsOf(t *testing.T, path string) (ofCluster, ofProgram review.Section) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	sections, err := review.Read(file)
	require.NoError(t, err)
	require.Len(t, sections, 2)
	require.Equal(t, []review.View{review.ViewDrift, review.ViewCluster}, []review.View{sections[0].View, sections[1].View})
	return sections[0], sections[1]
}

func namesOf(s review.Section) []string {
	var names []string
	for _, change := range s.Changes {
		names = append(names, change.Object[strings.LastIndex(change.Object, "/")+1:])
	}
	return names
}
