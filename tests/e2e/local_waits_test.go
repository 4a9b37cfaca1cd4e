//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// saysWhyItWaits deploys an image while no node takes a pod, and lets them take
// it once that is said.
func saysWhyItWaits(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	cordon := func(closed bool) {
		for name := range l.nodes() {
			patch := fmt.Appendf(nil, `{"spec": {"unschedulable": %t}}`, closed)
			_, err := l.typed.CoreV1().Nodes().Patch(context.Background(), name, types.StrategicMergePatchType, patch, metav1.PatchOptions{})
			require.NoError(t, err)
		}
	}
	cordon(true)
	defer cordon(false)
	c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
	cmd, said := upUntil(t, c, "waits: no node takes it: ")
	cordon(false)
	require.NoError(t, cmd.Wait(), said())
	assert.Regexp(t, `(?m)^pod frontend-\S+ waits: no node takes it: .*unschedulable`, said())
	c.restore("local", before)
	c.make("up")

	// All pods that there are serve, and no other is made.
	quotas := l.typed.CoreV1().ResourceQuotas(l.namespace)
	_, err = quotas.Create(context.Background(), &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: "tight"}, Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{corev1.ResourcePods: resource.MustParse("1")}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
	cmd, said = upUntil(t, c, "waits: makes no pod: ")
	require.NoError(t, quotas.Delete(context.Background(), "tight", metav1.DeleteOptions{}))
	require.NoError(t, cmd.Wait(), said())
	assert.Regexp(t, `(?m)^replicaset frontend-\S+ waits: makes no pod: .*exceeded quota: tight`, said())
	c.restore("local", before)
	c.make("up")
}

// followsTopology adds a node to the stack file while the cluster runs, for pods
// that nothing else takes, and takes it away again.
func followsTopology(t *testing.T, c *checkout, l live) {
	before, err := os.ReadFile(c.stackFile("local"))
	require.NoError(t, err)
	claims, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	c.edit("local", "platform:topology.nodes", append(c.topologyNodes("local"), map[string]any{"name": "added", "architecture": "amd64", "cpu": 4, "memory": "8Gi", "labels": map[string]any{"added": "yes"}}))
	c.edit("local", "platform:frontend.nodeSelector", map[string]any{"added": "yes"})
	assert.Contains(t, c.make("preview"), "make up STACK=local starts it again", "a preview leaves the cluster alone")
	assert.Contains(t, c.make("up"), "starting it again, with its objects")
	for _, pod := range l.podsOf("frontend") {
		one, err := l.typed.CoreV1().Pods(l.namespace).Get(context.Background(), pod, metav1.GetOptions{})
		require.NoError(t, err)
		assert.Equal(t, "added", one.Spec.NodeName)
	}
	after, err := l.typed.CoreV1().PersistentVolumeClaims(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(t, err)
	require.Len(t, after.Items, len(claims.Items))
	for i := range claims.Items {
		assert.Equal(t, claims.Items[i].UID, after.Items[i].UID, "the same claims")
	}
	c.restore("local", before)
	c.make("up")
	assert.NotContains(t, l.nodes(), "added")
	c.make("preview", "ARGS=--expect-no-changes")
}
