//go:build e2e && nodes

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// allReady tells why not all Deployments have their pods.
func (r *real) allReady() error {
	for name, d := range r.live.deployments() {
		if d.Status.ReadyReplicas < *d.Spec.Replicas || d.Status.ObservedGeneration < d.Generation {
			why := r.notReady()
			if why == "" {
				why = "no pod is made"
			}
			return fmt.Errorf("%s is not ready: %s", name, why)
		}
	}
	return nil
}

// notReady says why pods are not ready, in the kubelet's words; empty where all
// are, or have done their work.
func (r *real) notReady() string {
	var reasons []string
	for _, pod := range r.live.pods() {
		for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
			if why := waitsFor(status); why != "" && pod.DeletionTimestamp == nil {
				why = fmt.Sprintf("%s/%s %s", pod.Labels["app"], status.Name, why)
				if !slices.Contains(reasons, why) {
					reasons = append(reasons, why)
				}
			}
		}
	}
	slices.Sort(reasons)
	return strings.Join(reasons, ", ")
}

// waitsFor is why a container does not run or is not ready.
func waitsFor(status corev1.ContainerStatus) string {
	switch state := status.State; {
	case state.Terminated != nil && state.Terminated.ExitCode == 0, status.Ready:
		return ""
	case state.Terminated != nil:
		return fmt.Sprintf("ended with %d", state.Terminated.ExitCode)
	case state.Waiting != nil:
		return state.Waiting.Reason
	}
	return "not ready"
}

// replacesStuck deletes pods of the StatefulSet that are not ready and of an
// older revision, until it is told that the deployment is done: Kubernetes
// leaves them as they are, even where a correction is deployed.
func (r *real) replacesStuck(t *testing.T) (done func()) {
	ended := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(2 * time.Second):
			}
			ctx := context.Background()
			set, err := r.live.typed.AppsV1().StatefulSets(r.live.namespace).Get(ctx, "postgres", metav1.GetOptions{})
			if err != nil || set.Status.UpdateRevision == "" {
				continue
			}
			pod, err := r.live.typed.CoreV1().Pods(r.live.namespace).Get(ctx, "postgres-0", metav1.GetOptions{})
			if err != nil || pod.Labels["controller-revision-hash"] == set.Status.UpdateRevision || pod.DeletionTimestamp != nil || set.Status.ReadyReplicas > 0 {
				continue
			}
			t.Log("postgres-0 is stuck in an older revision, and deleted")
			_ = r.live.typed.CoreV1().Pods(r.live.namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{})
		}
	})
	return func() { close(ended); work.Wait() }
}
