//go:build e2e && nodes

package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The pod that asks for metrics as Prometheus does.
const (
	watchingNamespace = "monitoring"
	watchingPod       = "prometheus"
)

// watchMetrics starts a pod that network policies take for Prometheus.
func (r *real) watchMetrics(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	_, err := r.live.typed.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: watchingNamespace}}, metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(err) {
		require.NoError(t, err)
	}
	_, err = r.live.typed.CoreV1().Pods(watchingNamespace).Create(ctx, &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: watchingPod, Labels: map[string]string{"app.kubernetes.io/name": "prometheus"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: watchingPod, Image: "postgres:16-alpine", ImagePullPolicy: corev1.PullIfNotPresent, Command: []string{"sleep", "infinity"},
		}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	r.kubectl(t, "wait", "-n", watchingNamespace, "--for=condition=Ready", "pod/"+watchingPod, "--timeout=60s")
}

var podMonitors = schema.GroupVersionResource{Group: "monitoring.coreos.com", Version: "v1", Resource: "podmonitors"}

// givesMetrics asks every pod that a PodMonitor selects, as Prometheus would.
func (r *real) givesMetrics() error {
	list, err := r.live.dynamic.Resource(podMonitors).Namespace(r.live.namespace).List(context.Background(), metav1.ListOptions{})
	if err != nil {
		return err
	}
	for _, monitor := range list.Items {
		spec := monitor.Object["spec"].(map[string]any)
		endpoint := spec["podMetricsEndpoints"].([]any)[0].(map[string]any)
		labels := metav1.LabelSelector{MatchLabels: map[string]string{}}
		for name, value := range spec["selector"].(map[string]any)["matchLabels"].(map[string]any) {
			labels.MatchLabels[name] = fmt.Sprint(value)
		}
		if err := r.scrape(metav1.FormatLabelSelector(&labels), fmt.Sprint(endpoint["port"]), fmt.Sprint(endpoint["path"])); err != nil {
			return err
		}
	}
	if len(list.Items) == 0 {
		return errors.New("nothing is scraped")
	}
	return nil
}

// scrape asks the running pods with the labels, of which there is one at least.
func (r *real) scrape(labels, port, path string) error {
	pods, err := r.live.typed.CoreV1().Pods(r.live.namespace).List(context.Background(), metav1.ListOptions{LabelSelector: labels})
	if err != nil {
		return err
	}
	asked := 0
	for _, pod := range pods.Items {
		number := portOf(pod, port)
		if pod.Status.Phase != corev1.PodRunning || pod.DeletionTimestamp != nil || number == 0 {
			continue
		}
		asked++
		ask := fmt.Sprintf(`(printf 'GET %s HTTP/1.0\r\n\r\n'; sleep 1) | nc -w 3 %s %d`, path, pod.Status.PodIP, number)
		out, _ := r.tryKubectl("exec", "-n", watchingNamespace, watchingPod, "--", "sh", "-c", ask) // what it says is enough
		if !strings.Contains(out, "200 OK") {
			return fmt.Errorf("%s at %s: %.80s", pod.Labels["app"], port, out)
		}
		if strings.Contains(out, "redis_up 0") {
			return errors.New("the exporter does not reach redis")
		}
	}
	if asked == 0 {
		return fmt.Errorf("no pod with %s has a port %s", labels, port)
	}
	return nil
}

// portOf is the number of a named port; 0 where there is none.
func portOf(pod corev1.Pod, name string) int32 {
	for _, container := range pod.Spec.Containers {
		for _, port := range container.Ports {
			if port.Name == name {
				return port.ContainerPort
			}
		}
	}
	return 0
}
