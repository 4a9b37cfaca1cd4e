//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// refusesBadConfiguration expects every error in one run, before a cluster is
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

func refusesOtherCluster(t *testing.T, c *checkout) {
	c.edit("local", "platform:cluster.uid", "00000000-0000-4000-8000-000000000000")
	out := c.refuse("up")
	assert.Contains(t, out, "platform:cluster.uid (stack local)")
	assert.Contains(t, out, "nothing was touched")
	c.edit("local", "platform:cluster.uid", nil)
	out = c.refuse("up", "CONTEXT=somewhere-else")
	assert.Contains(t, out, "platform:cluster.context (stack local)")
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

// refusesOtherData expects data that another server cannot open, or that are
// left behind, to be refused until a waiver names them.
func refusesOtherData(t *testing.T, c *checkout) {
	const in = "/co2-calculator-local/"
	for _, edit := range []struct {
		key       string
		value     any
		resource  string
		change, w string
	}{
		{"platform:postgres.image", "postgres:17-alpine", "StatefulSet" + in + "postgres", "upgrade", "PostgreSQL 17 does not open the data of 16"},
		{"platform:postgres.image", "postgres:16", "StatefulSet" + in + "postgres", "upgrade", "REINDEX"},
		{"platform:redis.image", "redis:7.2-alpine", "Deployment" + in + "redis", "upgrade", "Redis 7.2 may not read what the newer 7.4 has written"},
		{"platform:postgres.database", "co2calc", "Database" + in + "co2calculator", "data", "dump the old one"},
		{"platform:postgres.backup.keepDays", 1, "CronJob" + in + "db-dump", "data", "KEEP_DAYS 3 → 1"},
	} {
		if !everyCase && edit.change == "upgrade" && edit.value != "postgres:17-alpine" {
			continue
		}
		before, err := os.ReadFile(filepath.Join(c.dir, "Pulumi.local.yaml"))
		require.NoError(t, err)
		c.edit("local", edit.key, edit.value)
		out := c.refuse("preview")
		assert.Contains(t, out, "{resource: "+edit.resource+", change: "+edit.change+", reason: ...}")
		assert.Contains(t, out, edit.w)
		c.edit("local", "platform:waivers", []any{map[string]any{"resource": edit.resource, "change": edit.change, "reason": "dumped"}})
		assert.Contains(t, c.make("preview"), "waived: "+edit.resource)
		c.restore("local", before)
	}
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
