//go:build e2e

package e2e

import (
	"context"
	"path/filepath"
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
	t.Parallel()
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
	t.Run("its outputs name what there is", func(t *testing.T) { namesItsObjects(t, c, l) })
	t.Run("pod security is enforced", func(t *testing.T) { refusesPrivileged(t, l) })
	t.Run("second preview is empty", func(*testing.T) {
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("a refresh finds nothing to change back", func(t *testing.T) { refreshesQuietly(t, c, l) })
	t.Run("one setting changes one thing", func(t *testing.T) { touchesOnlyWhatChanged(t, c, l) })
	t.Run("a deployment that waits says why", func(t *testing.T) { saysWhyItWaits(t, c, l) })
	if everyCase {
		t.Run("a node that is added", func(t *testing.T) { followsTopology(t, c, l) })
	}
	t.Run("a service by its entry alone", func(t *testing.T) { addsService(t, c, l) })
	t.Run("a rotated secret rolls what reads it", func(t *testing.T) { rotatesGenerated(t, c, l) })
	t.Run("an interrupted run ends in order", func(t *testing.T) { endsInOrder(t, c, l) })
	t.Run("a replaced Job that is stuck is forgotten", func(t *testing.T) { forgetsWhatIsStuck(t, c) })
	t.Run("another cluster is not touched", func(t *testing.T) { refusesOtherCluster(t, c) })
	if everyCase {
		t.Run("each kind of edge", func(t *testing.T) { servesEveryEdge(t, c, l) })
	}
	if everyCase {
		t.Run("managed database", func(t *testing.T) { previewsManaged(t, c) })
	}
	t.Run("data that would not survive", func(t *testing.T) { refusesOtherData(t, c) })
	t.Run("protected stack stays", func(t *testing.T) { refusesToDeleteProtected(t, c, l) })
	before := l.inventory()
	t.Run("down leaves nothing", func(t *testing.T) { leavesNothing(t, c, l) })
	t.Run("killed in mid-up and recovered", func(t *testing.T) {
		killsAndRecovers(t, c)
		assert.Equal(t, before, l.inventory(), "nothing lost and nothing doubled")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("down again", func(t *testing.T) { leavesNothing(t, c, l) })
	if everyCase {
		t.Run("a large stack killed in mid-up and recovered", func(t *testing.T) { recoversWithoutCheckpoints(t, c, l) })
	}
	if everyCase {
		t.Run("down once more", func(t *testing.T) { leavesNothing(t, c, l) })
	}
	t.Run("a cluster of the user's own", func(t *testing.T) { deploysToOwnCluster(t, c, l) })
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

// deploysToOwnCluster names the cluster by a context, as for a cluster that
// somebody else made. Its state is one of its own.
func deploysToOwnCluster(t *testing.T, c *checkout, l live) {
	c.setenv(t, "KUBECONFIG", strings.TrimSpace(c.make("kubeconfig")))
	out := c.make("up", "CONTEXT=platform-local")
	assert.Equal(t, 0, count(out, "errored"), out)
	servesEverything(t, l)
	assert.DirExists(t, filepath.Join(c.home("platform-local"), "state"))
	c.make("preview", "CONTEXT=platform-local", "ARGS=--expect-no-changes")
	takesNothingOfOthers(t, c, l)
	findsWhatNoStateKnows(t, c, l)
	c.make("down", "CONTEXT=platform-local")
	assert.Empty(t, l.inventory())
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

func leavesNothing(t *testing.T, c *checkout, l live) {
	c.make("down")
	_, err := l.typed.CoreV1().Namespaces().Get(context.Background(), l.namespace, metav1.GetOptions{})
	assert.True(t, apierrors.IsNotFound(err), "the namespace is gone: %v", err)
	volumes, err := l.typed.CoreV1().PersistentVolumes().List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	assert.Empty(t, volumes.Items, "no volume is left")
}
