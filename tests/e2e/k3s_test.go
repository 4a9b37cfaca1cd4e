//go:build e2e

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// TestK3s is the life of the stack k3s-local. Its steps build on each other.
func TestK3s(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "k3s-local")
	t.Run("a topology with one node removed", func(t *testing.T) { refusesMissingNode(t, c) })
	var l live
	t.Run("up", func(t *testing.T) {
		out := c.make("up")
		assert.Zero(t, count(out, "errored"), out)
		l = connect(t, strings.TrimSpace(c.make("kubeconfig")), coreNamespace)
	})
	t.Run("every pod is where the description has it", func(t *testing.T) { placesEverything(t, l) })
	t.Run("the gateway has its address", func(t *testing.T) { givesAddress(t, l) })
	t.Run("claims are bound", func(t *testing.T) { bindsClaims(t, l) })
	t.Run("no secret shows", func(t *testing.T) { hidesSecrets(t, c, l) })
	t.Run("its outputs name what there is", func(t *testing.T) { namesItsObjects(t, c, l) })
	t.Run("second preview is empty", func(*testing.T) { c.make("preview", "ARGS=--expect-no-changes") })
	t.Run("a refresh finds nothing to change back", func(*testing.T) {
		c.make("refresh")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("clean-up reaches every node", func(t *testing.T) { cleansEveryNode(t, l) })
	t.Run("one image rolls one service", func(t *testing.T) { rollsOneService(t, c, l) })
	if everyCase {
		t.Run("an older image needs consent", func(t *testing.T) { asksBeforeGoingBack(t, c) })
	}
	if everyCase {
		t.Run("a rotated password reaches who uses it", func(t *testing.T) { rotatesOnePassword(t, c, l) })
	}
	if everyCase {
		t.Run("a service by its entry alone", func(t *testing.T) { addsCoreService(t, c, l) })
	}
	if everyCase {
		t.Run("roles are a change of values", func(t *testing.T) { swapsRoles(t, c, l) })
	}
	if everyCase {
		t.Run("a real NATS cluster", func(t *testing.T) { clustersNATS(t, c, l) })
	}
	t.Run("protected stack stays", func(t *testing.T) {
		before := l.inventory()
		c.edit("k3s-local", "platform:protect", true)
		c.make("up")
		assert.Contains(t, c.refuse("down"), "PersistentVolumeClaim::postgres-replica")
		assert.Equal(t, before, l.inventory(), "nothing was deleted")
		c.edit("k3s-local", "platform:protect", false)
		c.make("up")
	})
	t.Run("down leaves nothing", func(t *testing.T) {
		leavesNothing(t, c, l)
		policies, err := l.dynamic.Resource(globalNetworkPolicies).List(context.Background(), metav1.ListOptions{})
		require.NoError(t, err)
		assert.Empty(t, policies.Items)
	})
}

var globalNetworkPolicies = schema.GroupVersionResource{Group: "projectcalico.org", Version: "v3", Resource: "globalnetworkpolicies"}

func rollsOneService(t *testing.T, c *checkout, l live) {
	c.edit("k3s-local", "platform:services.auth-service.image", "eddisonso/ecloud-auth:20260301-120000")
	out := c.make("up")
	assert.Equal(t, 1, count(out, "updated"), out)
	assert.Equal(t, "eddisonso/ecloud-auth:20260301-120000", l.deployments()["auth-service"].Spec.Template.Spec.Containers[0].Image)
}

func asksBeforeGoingBack(t *testing.T, c *checkout) {
	const older = "20260215-062053"
	c.edit("k3s-local", "platform:services.auth-service.image", "eddisonso/ecloud-auth:"+older)
	out := c.refuse("preview")
	assert.Contains(t, out, "platform:rollback[auth-service] (stack k3s-local)")
	assert.Contains(t, out, "20260301-120000 runs, which is newer")
	c.edit("k3s-local", "platform:rollback", map[string]any{"auth-service": older})
	out = c.make("up")
	assert.Equal(t, 1, count(out, "updated"), out)
	c.edit("k3s-local", "platform:rollback", nil)
	c.make("preview", "ARGS=--expect-no-changes")
}

// rotatesOnePassword makes a new one for one role: the Job sets it in the
// database, and the one service that uses it rolls.
func rotatesOnePassword(t *testing.T, c *checkout, l live) {
	before := l.deployments()
	out := c.make("up", "ARGS=--replace urn:pulumi:k3s-local::platform::random:index/randomPassword:RandomPassword::auth-db-credentials-PASSWORD")
	assert.Zero(t, count(out, "errored"), out)
	assert.Equal(t, 2, count(out, "updated"), "the Secret and auth-service: %s", out)
	for name, after := range l.deployments() {
		rolled := before[name].Spec.Template.Annotations["platform/revision"] != after.Spec.Template.Annotations["platform/revision"]
		assert.Equal(t, name == "auth-service", rolled, "%s rolls", name)
	}
	c.make("preview", "ARGS=--expect-no-changes")
}

func addsCoreService(t *testing.T, c *checkout, l live) {
	c.edit("k3s-local", "platform:services.wiki", map[string]any{
		"image": "eddisonso/ecloud-wiki:20261101-101500", "platforms": []string{"linux/amd64", "linux/arm64"},
		"nodeSelector": map[string]any{"backend": "true"}, "port": 8080,
		"routes": []any{map[string]any{"host": "wiki.cloud.eddisonso.com"}},
	})
	out := c.make("up")
	assert.Equal(t, 2, count(out, "updated"), "the gateway's routes, and the gateway that reads them: %s", out)
	assert.True(t, available(l.deployments()["wiki"]))
	c.edit("k3s-local", "platform:services.wiki", nil)
	out = c.make("up")
	assert.NotContains(t, l.deployments(), "wiki")
	assert.Equal(t, 2, count(out, "updated"), out)
}

// swapsRoles runs the old primary again as a standby of the new one.
func swapsRoles(t *testing.T, c *checkout, l live) {
	c.edit("k3s-local", "platform:postgres.servers.postgres.role", "replica")
	c.edit("k3s-local", "platform:postgres.servers.postgres.enabled", true)
	out := c.make("up")
	assert.Zero(t, count(out, "replaced")+count(out, "deleted")-count(out, "jobs"), out)
	assert.Equal(t, int32(1), l.deployments()["postgres"].Status.ReadyReplicas)
	for service, app := range map[string]string{"postgres": "postgres-replica", "postgres-replica": "postgres"} {
		object, err := l.typed.CoreV1().Services(l.namespace).Get(context.Background(), service, metav1.GetOptions{})
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"app": app}, object.Spec.Selector, "postgres takes writes, postgres-replica follows")
	}
	c.edit("k3s-local", "platform:postgres.servers.postgres.role", "primary")
	out = c.refuse("preview")
	assert.Contains(t, out, "platform:postgres.servers", "two that take writes: %s", out)
	c.edit("k3s-local", "platform:postgres.servers.postgres.enabled", false)
	c.make("up")
}

func clustersNATS(t *testing.T, c *checkout, l live) {
	c.edit("k3s-local", "platform:nats.replicas", 3)
	out := c.refuse("preview")
	assert.Contains(t, out, "platform:nats", "one node carries size=mini: %s", out)
	c.edit("k3s-local", "platform:nats.nodeSelector", map[string]any{"backend": "true"})
	c.make("up")
	set, err := l.typed.AppsV1().StatefulSets(l.namespace).Get(context.Background(), "nats", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, int32(3), set.Status.ReadyReplicas)
	nodes := map[string]bool{}
	for _, pod := range l.pods() {
		if pod.Labels["app.kubernetes.io/name"] == "nats" && pod.Status.Phase == corev1.PodRunning {
			nodes[pod.Spec.NodeName] = true
		}
	}
	assert.Len(t, nodes, 3, "a node each")
	_, err = l.typed.CoreV1().PersistentVolumeClaims(l.namespace).Get(context.Background(), "nats-data", metav1.GetOptions{})
	require.NoError(t, err, "what one server wrote stays")
	assert.Zero(t, *l.deployments()["nats"].Spec.Replicas, "the single server has no pod")
	c.make("preview", "ARGS=--expect-no-changes")
	c.edit("k3s-local", "platform:nats.replicas", 1)
	c.edit("k3s-local", "platform:nats.nodeSelector", map[string]any{"size": "mini"})
	assert.Contains(t, c.refuse("up"), "StatefulSet/core/nats is to be deleted", "the streams of three servers are at stake")
	c.edit("k3s-local", "platform:waivers", []any{map[string]any{"resource": "StatefulSet/core/nats", "change": "deleted", "reason": "its streams are saved"}})
	c.make("up")
	c.edit("k3s-local", "platform:waivers", nil)
	assert.Equal(t, int32(1), l.deployments()["nats"].Status.ReadyReplicas)
	c.make("preview", "ARGS=--expect-no-changes")
}
