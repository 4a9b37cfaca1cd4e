//go:build e2e

package e2e

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// placement is the seed's table of Deployments and its DaemonSet: how many
// pods are ready, and the nodes that their selector names. The seed shows the
// gateway on s0 and notification-service on rp2, and schedules both on
// core-services=true, which both nodes carry; it shows no node of NATS, which
// the stack file gives size=mini.
var placement = map[string]struct {
	ready int
	nodes []string
}{
	"gateway":                    {1, []string{"s0", "rp2"}},
	"gfs-master":                 {1, []string{"s0"}},
	"auth-service":               {1, []string{"rp2", "rp3", "rp4"}},
	"simple-file-share-backend":  {2, []string{"rp2", "rp3", "rp4"}},
	"simple-file-share-frontend": {2, []string{"rp2", "rp3", "rp4"}},
	"edd-compute":                {2, []string{"rp2", "rp3", "rp4"}},
	"cluster-monitor":            {2, []string{"rp2", "rp3", "rp4"}},
	"log-service":                {1, []string{"rp2", "rp3", "rp4"}},
	"notification-service":       {1, []string{"s0", "rp2"}},
	"edd-cloud-docs":             {2, []string{"rp2", "rp3", "rp4"}},
	"alerting-service":           {1, []string{"rp2", "rp3", "rp4"}},
	"nats":                       {1, []string{"rp3"}},
	"postgres-replica":           {1, []string{"rp1"}},
	"haproxy":                    {1, []string{"rp1"}},
	"gfs-chunkserver":            {3, []string{"s1", "s2", "s3"}},
}

// TestK3s is the life of the stack k3s-local. Its steps build on each other.
func TestK3s(t *testing.T) {
	c := newCheckout(t, "k3s-local")
	t.Run("a topology with one node removed", func(t *testing.T) { refusesMissingNode(t, c) })
	var l live
	t.Run("up", func(t *testing.T) {
		out := c.make("up")
		assert.Zero(t, count(out, "errored"), out)
		l = connect(t, strings.TrimSpace(c.make("kubeconfig")), coreNamespace)
	})
	t.Run("every pod is where the seed has it", func(t *testing.T) { placesEverything(t, l) })
	t.Run("the gateway has its address", func(t *testing.T) { givesAddress(t, l) })
	t.Run("claims are bound", func(t *testing.T) { bindsClaims(t, l) })
	t.Run("no secret shows", func(t *testing.T) { hidesSecrets(t, c, l) })
	t.Run("second preview is empty", func(*testing.T) { c.make("preview", "ARGS=--expect-no-changes") })
	t.Run("a refresh finds nothing to change back", func(*testing.T) {
		c.make("refresh")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("clean-up reaches every node", func(t *testing.T) { cleansEveryNode(t, l) })
	t.Run("one image rolls one service", func(t *testing.T) { rollsOneService(t, c, l) })
	t.Run("an older image needs consent", func(t *testing.T) { asksBeforeGoingBack(t, c) })
	t.Run("a rotated password reaches who uses it", func(t *testing.T) { rotatesOnePassword(t, c, l) })
	t.Run("a service by its entry alone", func(t *testing.T) { addsCoreService(t, c, l) })
	t.Run("roles are a change of values", func(t *testing.T) { swapsRoles(t, c, l) })
	t.Run("a real NATS cluster", func(t *testing.T) { clustersNATS(t, c, l) })
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

// refusesMissingNode takes nodes out of the topology that something needs:
// the message says what, which selector, and what nodes there are.
func refusesMissingNode(t *testing.T, c *checkout) {
	for node, want := range map[string][]string{
		"s0":  {"platform:gfs.master.nodeSelector", "gfs-master=true"},
		"rp1": {"platform:postgres.servers[postgres-replica].nodeSelector", "platform:haproxy.nodeSelector", "db-role=replica"},
		"rp3": {"platform:nats.nodeSelector", "size=mini"},
		"s2":  {"platform:gfs.chunkserver", "role=chunkserver"},
	} {
		before := c.withoutNode("k3s-local", node)
		out := c.refuse("preview")
		for _, text := range append(want, "stack k3s-local", "rp2") {
			assert.Contains(t, out, text, "without %s", node)
		}
		c.restore("k3s-local", before)
	}
	assert.Empty(t, c.started(), "nothing was started")
}

func placesEverything(t *testing.T, l live) {
	found := map[string][]corev1.Pod{}
	for _, pod := range l.pods() {
		if pod.Status.Phase == corev1.PodRunning {
			name := pod.Labels["app.kubernetes.io/name"]
			found[name] = append(found[name], pod)
		}
	}
	for name, want := range placement {
		assert.Len(t, found[name], want.ready, name)
		for _, pod := range found[name] {
			assert.Contains(t, want.nodes, pod.Spec.NodeName, name)
		}
		delete(found, name)
	}
	assert.Empty(t, found, "the seed has no other pods")
	deployments := l.deployments()
	for name, d := range deployments {
		assert.True(t, available(d), "Deployment %s is available", name)
	}
	assert.Zero(t, *deployments["postgres"].Spec.Replicas, "the original primary is disabled")
}

// givesAddress waits for nothing: up has. The status is the MetalLB
// controller's own.
func givesAddress(t *testing.T, l live) {
	service, err := l.typed.CoreV1().Services(l.namespace).Get(context.Background(), "gateway", metav1.GetOptions{})
	require.NoError(t, err)
	require.Len(t, service.Status.LoadBalancer.Ingress, 1)
	assert.Equal(t, "192.168.3.200", service.Status.LoadBalancer.Ingress[0].IP)
	assert.Len(t, service.Spec.Ports, 1003)
	assert.Equal(t, corev1.ServiceExternalTrafficPolicyLocal, service.Spec.ExternalTrafficPolicy)
	for _, port := range service.Spec.Ports {
		assert.Zero(t, port.NodePort, "port %s", port.Name)
	}
}

func bindsClaims(t *testing.T, l live) {
	claims, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	var names []string
	for _, claim := range claims.Items {
		names = append(names, claim.Name)
		if claim.Name != "postgres-data" { // nobody mounts that of the disabled primary, and local-path binds to the first pod
			assert.Equal(t, corev1.ClaimBound, claim.Status.Phase, claim.Name)
		}
		storage := claim.Spec.Resources.Requests[corev1.ResourceStorage]
		assert.Equal(t, "5Gi", storage.String(), claim.Name)
		assert.Equal(t, "local-path", *claim.Spec.StorageClassName, claim.Name)
	}
	assert.ElementsMatch(t, []string{"postgres-replica-data", "postgres-data", "nats-data"}, names)
}

// cleansEveryNode makes the Job that the CronJob makes at three.
func cleansEveryNode(t *testing.T, l live) {
	cron, err := l.typed.BatchV1().CronJobs(l.namespace).Get(context.Background(), "image-cleanup", metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, "0 3 * * *", cron.Spec.Schedule)
	assert.Equal(t, batchv1.ForbidConcurrent, cron.Spec.ConcurrencyPolicy)
	job, err := l.typed.BatchV1().Jobs(l.namespace).Create(context.Background(), &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "cleanup-now", Labels: cron.Spec.JobTemplate.Labels}, Spec: cron.Spec.JobTemplate.Spec,
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	var nodes []string
	require.Eventually(t, func() bool {
		now, err := l.typed.BatchV1().Jobs(l.namespace).Get(context.Background(), job.Name, metav1.GetOptions{})
		require.NoError(t, err)
		return now.Status.CompletionTime != nil
	}, time.Minute, 100*time.Millisecond, "the Job completes")
	for _, pod := range l.pods() {
		if pod.Labels["job-name"] == job.Name {
			nodes = append(nodes, pod.Spec.NodeName)
		}
	}
	slices.Sort(nodes)
	assert.Equal(t, []string{"rp1", "rp2", "rp3", "rp4", "s0", "s1", "s2", "s3"}, nodes, "one pod a node, control plane included")
	background := metav1.DeletePropagationBackground
	require.NoError(t, l.typed.BatchV1().Jobs(l.namespace).Delete(context.Background(), job.Name, metav1.DeleteOptions{PropagationPolicy: &background}))
}

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

// started lists the folders of clusters and states that a run made.
func (c *checkout) started() []string {
	found, err := filepath.Glob(filepath.Join(c.stacks, "*"))
	require.NoError(c.t, err)
	return found
}
