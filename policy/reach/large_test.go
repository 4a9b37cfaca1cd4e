package reach_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/reach"
)

// large is a cluster of n pods in namespaces of 50, each with a policy for what
// comes in and one for what goes out, to and from the next pod.
func large(n int) *reach.Cluster {
	c := &reach.Cluster{}
	labels := func(i int) map[string]string { return map[string]string{"app": fmt.Sprint("app", i)} }
	for i := range n {
		namespace := fmt.Sprint("ns", i/50)
		c.Pods = append(c.Pods, &reach.Endpoint{
			Name: fmt.Sprint("app", i), Kind: reach.Pod, Namespace: namespace, Labels: labels(i), NamespaceLabels: c.NamespaceLabels(namespace),
			Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
		})
		next := networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{MatchLabels: labels(i + 1)}}
		block := networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: "172.16.0.0/16", Except: []string{"172.16.1.0/24"}}}
		ports := []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromString("http"))}, {Port: new(intstr.FromInt32(9000)), EndPort: new(int32(9010))}}
		policy := networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("in", i), Namespace: namespace}}
		policy.Spec.PodSelector = metav1.LabelSelector{MatchLabels: labels(i)}
		policy.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{next, block}, Ports: ports}}
		out := *policy.DeepCopy()
		out.Name, out.Spec.Ingress = fmt.Sprint("out", i), nil
		out.Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
		out.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{{To: []networkingv1.NetworkPolicyPeer{next}, Ports: ports}, {Ports: ports[:1]}}
		c.Policies = append(c.Policies, policy, out)
	}
	c.Listen()
	return c
}

// TestALargeCluster has pods that reach their neighbour alone.
func TestALargeCluster(t *testing.T) {
	e, err := reach.NewEvaluator(large(100), around)
	require.NoError(t, err)
	m := e.NewMatrix()
	assert.Equal(t, "8080", m.Allowed("ns0/app1", "ns0/app0").String())
	assert.Equal(t, "none", m.Allowed("ns0/app0", "ns0/app1").String())
	assert.Equal(t, "none", m.Allowed("ns1/app50", "ns0/app49").String())
}

// BenchmarkAThousandPods asks for a million pairs, with 2,000 policies.
func BenchmarkAThousandPods(b *testing.B) {
	c := large(1000)
	for b.Loop() {
		e, err := reach.NewEvaluator(c, around)
		require.NoError(b, err)
		e.NewMatrix()
	}
}
