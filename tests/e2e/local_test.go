//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// TestLocal is the life of the stack local. Its steps build on each other.
func TestLocal(t *testing.T) {
	c := newCheckout(t, "local")
	t.Run("bad configuration changes nothing", func(t *testing.T) { refusesBadConfiguration(t, c) })
	var l live
	t.Run("up", func(t *testing.T) {
		out := c.make("up")
		assert.Equal(t, 0, count(out, "errored"), out)
		assert.Contains(t, out, "make preview", "what to try next")
		l = connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
		servesEverything(t, l)
	})
	t.Run("no secret shows", func(t *testing.T) { hidesSecrets(t, c, l) })
	t.Run("pod security is enforced", func(t *testing.T) { refusesPrivileged(t, l) })
	t.Run("second preview is empty", func(*testing.T) {
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("a refresh finds nothing to change back", func(t *testing.T) { refreshesQuietly(t, c, l) })
	t.Run("one setting changes one thing", func(t *testing.T) { touchesOnlyWhatChanged(t, c, l) })
	t.Run("a service by its entry alone", func(t *testing.T) { addsService(t, c, l) })
	t.Run("a rotated secret rolls what reads it", func(t *testing.T) { rotatesGenerated(t, c, l) })
	t.Run("another cluster is not touched", func(t *testing.T) { refusesOtherCluster(t, c) })
	t.Run("each kind of edge", func(t *testing.T) { servesEveryEdge(t, c, l) })
	t.Run("managed database", func(t *testing.T) { previewsManaged(t, c) })
	t.Run("protected stack stays", func(t *testing.T) { refusesToDeleteProtected(t, c, l) })
	before := l.inventory()
	t.Run("down leaves nothing", func(t *testing.T) { leavesNothing(t, c, l) })
	t.Run("killed in mid-up and recovered", func(t *testing.T) {
		killsAndRecovers(t, c)
		assert.Equal(t, before, l.inventory(), "nothing lost and nothing doubled")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("down again", func(t *testing.T) { leavesNothing(t, c, l) })
	t.Run("a large stack killed in mid-up and recovered", func(t *testing.T) { recoversWithoutCheckpoints(t, c, l) })
	t.Run("down once more", func(t *testing.T) { leavesNothing(t, c, l) })
	t.Run("a cluster of the user's own", func(t *testing.T) { deploysToOwnCluster(t, c, l) })
}

// refusesBadConfiguration expects every fault in one run, before a cluster is
// even started.
func refusesBadConfiguration(t *testing.T, c *checkout) {
	c.edit("local", "platform:frontend.replicas", 0)
	c.edit("local", "platform:redis.image", "redis")
	c.edit("local", "platform:redis.storageClasss", "rcp-nas")
	out := c.refuse("preview")
	for _, want := range []string{
		"platform:frontend.replicas (stack local)", "platform:redis.image (stack local)",
		"platform:redis.storageClasss (stack local)",
	} {
		assert.Contains(t, out, want)
	}
	entries, err := os.ReadDir(c.stacks)
	require.NoError(t, err)
	assert.Empty(t, entries, "nothing was started")
	c.edit("local", "platform:frontend.replicas", 2)
	c.edit("local", "platform:redis.image", "redis:7.4-alpine")
	c.edit("local", "platform:redis.storageClasss", nil)
}

func servesEverything(t *testing.T, l live) {
	deployments := l.deployments()
	for _, name := range []string{"frontend", "backend", "celery-worker", "redis"} {
		d, ok := deployments[name]
		if assert.True(t, ok, "Deployment %s", name) {
			assert.True(t, available(d), "Deployment %s is available", name)
		}
	}
	set, err := l.typed.AppsV1().StatefulSets(l.namespace).Get(context.Background(), "postgres", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, int32(1), set.Status.ReadyReplicas, "StatefulSet postgres is ready")
	claims, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Len(t, claims.Items, 3)
	for _, claim := range claims.Items {
		assert.Equal(t, corev1.ClaimBound, claim.Status.Phase, "claim %s", claim.Name)
	}
	nodes := l.nodes()
	for _, pod := range l.pods() {
		node, ok := nodes[pod.Spec.NodeName]
		if assert.True(t, ok, "pod %s is on a node", pod.Name) {
			assert.True(t, labels.SelectorFromSet(pod.Spec.NodeSelector).Matches(labels.Set(node.Labels)), "pod %s on %s", pod.Name, node.Name)
		}
	}
}

func available(d appsv1.Deployment) bool {
	for _, condition := range d.Status.Conditions {
		if condition.Type == appsv1.DeploymentAvailable {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

// namesInSecrets are keys of Secrets that hold names and nothing to hide.
var namesInSecrets = []string{"POSTGRES_DB", "POSTGRES_USER"}

// hidesSecrets looks for every value of every Secret in all that was printed
// and in all that was written.
func hidesSecrets(t *testing.T, c *checkout, l live) {
	c.make("preview", "ARGS=--diff")
	c.make("render", "OUT="+filepath.Join(c.dir, "out", "manifests"))
	secrets, err := l.typed.CoreV1().Secrets(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	values := map[string]string{}
	for _, secret := range secrets.Items {
		for key, value := range secret.Data {
			if !slices.Contains(namesInSecrets, key) {
				values[secret.Name+"/"+key] = string(value)
			}
		}
	}
	require.NotEmpty(t, values)
	hidden := func(where, text string) {
		for name, value := range values {
			if strings.Contains(text, value) {
				t.Errorf("%s shows %s", where, name) // and this does not
			}
		}
	}
	hidden("output", c.output.String())
	for _, folder := range []string{filepath.Join(c.stacks, c.stack, "state"), filepath.Join(c.stacks, c.stack, "project"), filepath.Join(c.dir, "out")} {
		require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			hidden(path, string(text))
			return err
		}))
	}
}

func refusesPrivileged(t *testing.T, l live) {
	privileged := true
	_, err := l.typed.CoreV1().Pods(l.namespace).Create(context.Background(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "privileged"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "shell", Image: "busybox:1.36", SecurityContext: &corev1.SecurityContext{Privileged: &privileged},
		}}},
	}, metav1.CreateOptions{})
	require.True(t, apierrors.IsForbidden(err), "%v", err)
	assert.Contains(t, err.Error(), "PodSecurity")
}

// refreshesQuietly reads the cluster after its controllers have done their
// part: the autoscaler's replicas must not look like a change to take back.
func refreshesQuietly(t *testing.T, c *checkout, l live) {
	require.Eventually(t, func() bool { return *l.deployments()["backend"].Spec.Replicas == 2 }, time.Minute, 200*time.Millisecond,
		"the autoscaler raises the backend to its least number of pods")
	c.make("refresh")
	c.make("preview", "ARGS=--expect-no-changes")
	assert.Equal(t, int32(2), *l.deployments()["backend"].Spec.Replicas)
}

func touchesOnlyWhatChanged(t *testing.T, c *checkout, l live) {
	c.edit("local", "platform:frontend.replicas", 3)
	out := c.make("up")
	assert.Equal(t, 1, count(out, "updated"), "only the frontend's Deployment: %s", out)
	assert.Equal(t, int32(3), *l.deployments()["frontend"].Spec.Replicas)

	before := l.deployments()
	c.edit("local", "platform:backend.logLevel", "WARNING")
	out = c.make("up")
	assert.Equal(t, 3, count(out, "updated"), "the ConfigMap and the two Deployments that read it: %s", out)
	assert.Zero(t, count(out, "created")+count(out, "replaced")+count(out, "deleted"), "no migration runs for a log level: %s", out)
	after := l.deployments()
	for _, name := range []string{"backend", "celery-worker"} {
		assert.NotEqual(t, before[name].Spec.Template.Annotations, after[name].Spec.Template.Annotations, "%s rolls", name)
	}
	assert.Equal(t, before["frontend"].Generation, after["frontend"].Generation, "frontend stays")
}

func addsService(t *testing.T, c *checkout, l live) {
	amounts := map[string]any{"cpu": "10m", "memory": "16Mi"}
	c.edit("local", "platform:services", map[string]any{"docs": map[string]any{
		"image": "ghcr.io/epfl-enac/epfl/co2-calculator/docs:v1.0.0", "port": 8080, "user": 101, "path": "/docs",
		"resources": map[string]any{"requests": amounts, "limits": amounts},
	}})
	out := c.make("up")
	assert.Equal(t, 1, count(out, "updated"), "only the Ingress: %s", out)
	assert.True(t, available(l.deployments()["docs"]))
	c.edit("local", "platform:services", nil)
	out = c.make("up")
	assert.NotContains(t, l.deployments(), "docs")
	assert.Equal(t, 1, count(out, "updated"), "only the Ingress: %s", out)
}

// rotatesGenerated makes one value anew, and refuses the one that the database
// keeps itself.
func rotatesGenerated(t *testing.T, c *checkout, l live) {
	before, digests := generations(l), l.digests()
	out := c.make("rotate", "SECRET=backend-secrets/SECRET_KEY")
	assert.Contains(t, out, "backend-secrets/SECRET_KEY gets a new value")
	assert.Contains(t, out, "Secrets that change:\n  ~ backend-secrets: SECRET_KEY\n")
	var rolled, changed []string
	for name, generation := range generations(l) {
		if generation != before[name] {
			rolled = append(rolled, name)
		}
	}
	for name, digest := range l.digests() {
		if digest != digests[name] {
			changed = append(changed, name)
		}
	}
	assert.ElementsMatch(t, []string{"backend", "celery-worker"}, rolled)
	assert.Equal(t, []string{"backend-secrets"}, changed)
	assert.Contains(t, c.refuse("rotate", "SECRET=postgres-credentials/admin-password"), "superuser")
	c.make("preview", "ARGS=--expect-no-changes")
}

// deploysToOwnCluster names the cluster by a context, as for a cluster that
// somebody else made. Its state is one of its own.
func deploysToOwnCluster(t *testing.T, c *checkout, l live) {
	t.Setenv("KUBECONFIG", strings.TrimSpace(c.make("kubeconfig")))
	out := c.make("up", "CONTEXT=platform-local")
	assert.Equal(t, 0, count(out, "errored"), out)
	servesEverything(t, l)
	assert.DirExists(t, filepath.Join(c.stacks, "local-platform-local", "state"))
	c.make("preview", "CONTEXT=platform-local", "ARGS=--expect-no-changes")
	c.make("down", "CONTEXT=platform-local")
	assert.Empty(t, l.inventory())
}

func refusesOtherCluster(t *testing.T, c *checkout) {
	c.edit("local", "platform:cluster.uid", "00000000-0000-4000-8000-000000000000")
	out := c.refuse("up")
	assert.Contains(t, out, "platform:cluster.uid (stack local)")
	assert.Contains(t, out, "nothing was touched")
	c.edit("local", "platform:cluster.uid", nil)
	out = c.refuse("up", "CONTEXT=somewhere-else")
	assert.Contains(t, out, "platform:cluster.context (stack local)")
}

// servesEveryEdge swaps the edge and back; the API server checks each against
// the real schemas.
func servesEveryEdge(t *testing.T, c *checkout, l live) {
	for _, edge := range []struct {
		kind      string
		resources []string
	}{
		{"gateway", []string{"gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io", "certificates.cert-manager.io"}},
		{"route", []string{"routes.route.openshift.io", "certificates.cert-manager.io"}},
		{"ingress", []string{"ingresses.networking.k8s.io"}},
	} {
		c.edit("local", "platform:edge.kind", edge.kind)
		out := c.make("up")
		assert.Zero(t, count(out, "errored"), out)
		for _, resource := range edge.resources {
			name, group, _ := strings.Cut(resource, ".")
			assert.NotEmpty(t, l.objects(group, name), "%s of edge %s", name, edge.kind)
		}
		if edge.kind != "ingress" {
			assert.Empty(t, l.objects("networking.k8s.io", "ingresses"), "the Ingress is gone")
		}
	}
}

func previewsManaged(t *testing.T, c *checkout) {
	file := filepath.Join(c.dir, "Pulumi.local.yaml")
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	c.edit("local", "platform:postgres", map[string]any{
		"mode": "managed", "managed": map[string]any{"host": "db.example.org", "cidr": "192.0.2.0/24"},
	})
	out := c.refuse("preview", "ARGS=--diff")
	assert.Contains(t, out, "postgres-connection", "the Secret with the connection")
	assert.Regexp(t, `- kubernetes:apps/v1:StatefulSet`, out)
	var waivers []any
	for _, resource := range []string{"StatefulSet/co2-calculator-local/postgres", "PersistentVolumeClaim/co2-calculator-local/db-dump-archives"} {
		assert.Contains(t, out, "{resource: "+resource+", change: deleted")
		waivers = append(waivers, map[string]any{"resource": resource, "change": "deleted", "reason": "the database has moved"})
	}
	c.edit("local", "platform:waivers", waivers)
	out = c.refuse("up")
	assert.Contains(t, out, "PersistentVolumeClaim/co2-calculator-local/postgres-pvc is to be deleted", "the one that no waiver names")
	assert.NotContains(t, out, "deleting")
	c.edit("local", "platform:waivers", append(waivers, map[string]any{
		"resource": "PersistentVolumeClaim/co2-calculator-local/postgres-pvc", "change": "deleted", "reason": "its data are restored elsewhere",
	}))
	assert.Contains(t, c.make("preview"), "waived: PersistentVolumeClaim/co2-calculator-local/postgres-pvc is to be deleted")
	require.NoError(t, os.WriteFile(file, before, 0o644))
}

func refusesToDeleteProtected(t *testing.T, c *checkout, l live) {
	before := l.inventory()
	c.edit("local", "platform:protect", true)
	c.make("up")
	out := c.refuse("down")
	assert.Contains(t, out, "protected")
	assert.Contains(t, out, "PersistentVolumeClaim::postgres")
	assert.Equal(t, before, l.inventory(), "nothing was deleted")
	c.edit("local", "platform:protect", false)
	c.make("up")
}

func leavesNothing(t *testing.T, c *checkout, l live) {
	c.make("down")
	_, err := l.typed.CoreV1().Namespaces().Get(context.Background(), l.namespace, metav1.GetOptions{})
	assert.True(t, apierrors.IsNotFound(err), "the namespace is gone: %v", err)
	volumes, err := l.typed.CoreV1().PersistentVolumes().List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Empty(t, volumes.Items, "no volume is left")
}
