//go:build e2e

package e2e

import (
	"context"
	"fmt"
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
	"k8s.io/apimachinery/pkg/types"
)

// TestAutoscaling turns the backend's autoscaler on and off while its pods run.
// Its steps build on each other.
func TestAutoscaling(t *testing.T) {
	t.Parallel()
	c := newCheckout(t, "local")
	scaling := map[string]any{"enabled": true, "minReplicas": 3, "maxReplicas": 4, "cpuPercent": 70}
	c.edit("local", "platform:backend.autoscaling", nil)
	c.edit("local", "platform:backend.replicas", 3)
	c.make("up")
	l := connect(t, strings.TrimSpace(c.make("kubeconfig")), localNamespace)
	// deploys runs up, which must leave the pods that there are alone.
	deploys := func(t *testing.T, pods int32) {
		t.Helper()
		before := l.podsOf("backend")
		assert.Len(t, before, int(pods))
		stop := l.watchReplicas("backend")
		c.make("up")
		for _, number := range stop() {
			assert.Equal(t, pods, number, "the number of pods at each of its changes")
		}
		assert.Equal(t, before, l.podsOf("backend"))
		c.make("preview", "ARGS=--expect-no-changes")
	}
	t.Run("on", func(t *testing.T) {
		c.edit("local", "platform:backend.autoscaling", scaling)
		deploys(t, 3)
		assert.True(t, l.scales("backend"))
	})
	t.Run("an update keeps what the autoscaler has set", func(t *testing.T) {
		l.scaledByAutoscaler(4)
		stop := l.watchReplicas("backend")
		c.edit("local", "platform:backend.logLevel", "WARNING")
		c.make("up")
		for _, number := range stop() {
			assert.Equal(t, int32(4), number)
		}
		c.make("preview", "ARGS=--expect-no-changes")
	})
	t.Run("off", func(t *testing.T) {
		scaling["enabled"] = false
		c.edit("local", "platform:backend.autoscaling", scaling)
		deploys(t, 4)
		assert.False(t, l.scales("backend"))
		c.edit("local", "platform:backend.logLevel", "INFO")
		c.make("up")
		assert.Equal(t, int32(4), *l.deployments()["backend"].Spec.Replicas, "an update of something else takes none away either")
		c.make("preview", "ARGS=--expect-no-changes")
	})
	if everyCase {
		t.Run("on again", func(t *testing.T) {
			scaling["enabled"] = true
			c.edit("local", "platform:backend.autoscaling", scaling)
			deploys(t, 4)
		})
		t.Run("off with another number", func(t *testing.T) {
			c.edit("local", "platform:backend.autoscaling", nil)
			c.edit("local", "platform:backend.replicas", 2)
			// The preview that up makes before does not know this flag.
			assert.Contains(t, c.make("up", "ARGS=--continue-on-error"), "Deployment backend has 4 pods, and this deployment makes them 2")
			assert.Equal(t, int32(2), *l.deployments()["backend"].Spec.Replicas)
			assert.False(t, l.scales("backend"))
			c.make("preview", "ARGS=--expect-no-changes")
		})
		t.Run("kubectl scale, then on", func(t *testing.T) {
			l.scale("backend", 3)
			scaling["minReplicas"] = 2
			c.edit("local", "platform:backend.autoscaling", scaling)
			deploys(t, 3)
		})
		t.Run("kubectl scale, then off", func(t *testing.T) {
			l.scale("backend", 4)
			c.edit("local", "platform:backend.autoscaling", nil)
			deploys(t, 4)
			l.patch("deployments", "backend", `{"metadata": {"annotations": {"platform/replicas-left": null}}}`) // as docs/operations.md says
			c.make("up")
			assert.EqualValues(t, settingOf(t, c, "platform:backend.replicas"), *l.deployments()["backend"].Spec.Replicas)
			c.make("preview", "ARGS=--expect-no-changes")
		})
		t.Run("kubectl scale, then off, and another number", func(t *testing.T) {
			c.edit("local", "platform:backend.autoscaling", scaling)
			c.make("up")
			l.scale("backend", 4)
			c.edit("local", "platform:backend.autoscaling", nil)
			deploys(t, 4)
			c.edit("local", "platform:backend.replicas", 3)
			c.make("up")
			assert.Equal(t, int32(3), *l.deployments()["backend"].Spec.Replicas, "another number is what is asked for")
			c.make("preview", "ARGS=--expect-no-changes")
		})
	}
	t.Run("kubectl scale, then another image", func(t *testing.T) {
		l.scale("frontend", 4)
		c.edit("local", "platform:frontend.image", images+"frontend:v1.1.0")
		assert.Contains(t, c.make("up"), "Deployment frontend has 4 pods, and this deployment makes them 2")
		assert.Equal(t, int32(2), *l.deployments()["frontend"].Spec.Replicas)
	})
	t.Run("a field that kubectl has set is taken where that is asked for", func(t *testing.T) {
		l.patch("deployments", "frontend", `{"spec": {"revisionHistoryLimit": 7}}`)
		c.edit("local", "platform:frontend.image", images+"frontend:v1.2.0")
		assert.Contains(t, c.refuse("up"), "conflict with \""+manager)
		c.setenv(t, "PULUMI_K8S_ENABLE_PATCH_FORCE", "true")
		c.make("up")
		assert.Equal(t, int32(5), *l.deployments()["frontend"].Spec.RevisionHistoryLimit)
	})
	t.Run("nothing of it stays", func(*testing.T) {
		c.make("preview", "ARGS=--expect-no-changes")
	})
}

// podsOf are the names of the pods of a component that are not to go, sorted.
func (l live) podsOf(component string) []string {
	var names []string
	for _, pod := range l.pods() {
		if pod.Labels["app"] == component && pod.DeletionTimestamp == nil && pod.Status.Phase == corev1.PodRunning {
			names = append(names, pod.Name)
		}
	}
	slices.Sort(names)
	return names
}

// watchReplicas notes the number of pods that a Deployment asks for at each
// change of it, until it is stopped.
func (l live) watchReplicas(name string) func() []int32 {
	l.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	watch, err := l.typed.AppsV1().Deployments(l.namespace).Watch(ctx, metav1.SingleObject(metav1.ObjectMeta{Name: name}))
	require.NoError(l.t, err)
	var seen []int32
	done := make(chan struct{})
	go func() {
		defer close(done)
		for event := range watch.ResultChan() {
			if d, is := event.Object.(*appsv1.Deployment); is {
				seen = append(seen, *d.Spec.Replicas)
			}
		}
	}()
	return func() []int32 {
		cancel()
		<-done
		require.NotEmpty(l.t, seen)
		return seen
	}
}

// scale is kubectl scale: the number is then another manager's.
func (l live) scale(name string, replicas int32) {
	l.t.Helper()
	deployments := l.typed.AppsV1().Deployments(l.namespace)
	scale, err := deployments.GetScale(context.Background(), name, metav1.GetOptions{})
	require.NoError(l.t, err)
	scale.Spec.Replicas = replicas
	_, err = deployments.UpdateScale(context.Background(), name, scale, metav1.UpdateOptions{FieldManager: "kubectl"})
	require.NoError(l.t, err)
	l.running(name, replicas)
}

func (l live) running(name string, replicas int32) {
	l.t.Helper()
	require.Eventually(l.t, func() bool { return len(l.podsOf(name)) == int(replicas) }, time.Minute, 200*time.Millisecond)
}

// scaledByAutoscaler has the real autoscaler raise the backend's pods: it has no
// measurements here, but keeps its bounds.
func (l live) scaledByAutoscaler(replicas int32) {
	l.t.Helper()
	scalers := l.typed.AutoscalingV2().HorizontalPodAutoscalers(l.namespace)
	before, err := scalers.Get(context.Background(), "backend-hpa", metav1.GetOptions{})
	require.NoError(l.t, err)
	for _, least := range []int32{replicas, *before.Spec.MinReplicas} {
		patch := fmt.Appendf(nil, `{"spec": {"minReplicas": %d}}`, least)
		_, err = scalers.Patch(context.Background(), "backend-hpa", types.MergePatchType, patch, metav1.PatchOptions{FieldManager: manager})
		require.NoError(l.t, err)
		l.running("backend", replicas)
	}
}

// scales reports whether there is an autoscaler of a component.
func (l live) scales(component string) bool {
	l.t.Helper()
	_, err := l.typed.AutoscalingV2().HorizontalPodAutoscalers(l.namespace).Get(context.Background(), component+"-hpa", metav1.GetOptions{})
	if err != nil {
		require.True(l.t, apierrors.IsNotFound(err), "%v", err)
	}
	return err == nil
}
