package cluster

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

func object(t *testing.T, of any) *unstructured.Unstructured {
	t.Helper()
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(of)
	require.NoError(t, err)
	return &unstructured.Unstructured{Object: fields}
}

func TestWhereTheEdgeServes(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*corev1.Pod)
		want   string
	}{
		"valid": {func(*corev1.Pod) {}, "10.244.0.9:8443"},
		"a named port": {func(p *corev1.Pod) {
			p.Spec.Containers[0].Ports[0] = corev1.ContainerPort{Name: "https", ContainerPort: 9443}
		}, "10.244.0.9:9443"},
		"not ready":    {func(p *corev1.Pod) { p.Status.Conditions[0].Status = corev1.ConditionFalse }, ""},
		"other labels": {func(p *corev1.Pod) { p.Labels = map[string]string{"app": "other"} }, ""},
		"no address":   {func(p *corev1.Pod) { p.Status.PodIP = "" }, ""},
		"going away":   {func(p *corev1.Pod) { now := metav1.Now(); p.DeletionTimestamp = &now }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			pod := &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "edge", "more": "yes"}},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Ports: []corev1.ContainerPort{{ContainerPort: 8080}}}}},
				Status: corev1.PodStatus{PodIP: "10.244.0.9", Conditions: []corev1.PodCondition{
					{Type: corev1.PodReady, Status: corev1.ConditionTrue},
				}},
			}
			tc.mutate(pod)
			address, is := edgeAt(object(t, pod), map[string]string{"app": "edge"})
			assert.Equal(t, tc.want != "", is)
			assert.Equal(t, tc.want, address)
		})
	}
}

func TestWhereALoadBalancerServes(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*corev1.Service)
		want   string
	}{
		"valid":      {func(*corev1.Service) {}, "192.168.3.200:443"},
		"no address": {func(s *corev1.Service) { s.Status.LoadBalancer.Ingress = nil }, ""},
		"no page":    {func(s *corev1.Service) { s.Spec.Ports[0].Port = 22 }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			service := &corev1.Service{
				Spec:   corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 443}}},
				Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: "192.168.3.200"}}}},
			}
			tc.mutate(service)
			address, is := servedAt(object(t, service))
			assert.Equal(t, tc.want != "", is)
			assert.Equal(t, tc.want, address)
		})
	}
}

func TestHostsAreKept(t *testing.T) {
	dir := t.TempDir() + "/made"
	assert.Empty(t, hostsOf(layout(dir)), "nobody has said any")
	require.NoError(t, SetHosts(dir, []string{"b.test", "a.test"}))
	assert.Equal(t, []string{"b.test", "a.test"}, hostsOf(layout(dir)), "the first is that of localhost")
}
