//go:build e2e

package e2e

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// placement is the description's table of Deployments and its DaemonSet: how many
// pods are ready, and the nodes that their selector names. The description shows the
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
	assert.Empty(t, found, "the description has no other pods")
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

// started lists the folders of clusters and states that a run made.
func (c *checkout) started() []string {
	found, err := filepath.Glob(filepath.Join(c.stacks, "*"))
	require.NoError(c.t, err)
	return found
}
