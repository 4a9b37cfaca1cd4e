package cluster

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"platform/config"
	"platform/tools/toolchain"
)

var (
	nodesResource  = schema.GroupVersionResource{Version: "v1", Resource: "nodes"}
	leasesResource = schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "leases"}
)

const (
	leaseNamespace = "kube-node-lease"
	defaultPods    = 110 // the kubelet's own
)

// node is the object of one machine, with what a kubelet would report of it.
// Its conditions are left to kwok.
func node(index int, n config.Node) *corev1.Node {
	labels := map[string]string{
		corev1.LabelHostname:   n.Name,
		corev1.LabelArchStable: n.Architecture,
		corev1.LabelOSStable:   "linux",
		"type":                 "kwok",
	}
	for key, value := range n.Labels {
		labels[key] = value
	}
	var taints []corev1.Taint
	for _, t := range n.Taints {
		taints = append(taints, corev1.Taint{Key: t.Key, Value: t.Value, Effect: corev1.TaintEffect(t.Effect)})
	}
	return &corev1.Node{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Node"},
		ObjectMeta: metav1.ObjectMeta{
			Name: n.Name, Labels: labels, Annotations: map[string]string{fakeNodeKey: fakeNodeValue},
		},
		Spec:   corev1.NodeSpec{Taints: taints},
		Status: nodeStatus(index, n),
	}
}

func nodeStatus(index int, n config.Node) corev1.NodeStatus {
	pods := n.Pods
	if pods == 0 {
		pods = defaultPods
	}
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:    n.CPU,
		corev1.ResourceMemory: n.Memory,
		corev1.ResourcePods:   *resource.NewQuantity(int64(pods), resource.DecimalSI),
	}
	return corev1.NodeStatus{
		Capacity: capacity, Allocatable: capacity,
		Addresses: []corev1.NodeAddress{
			{Type: corev1.NodeInternalIP, Address: nodeAddress(index, n)},
			{Type: corev1.NodeHostName, Address: n.Name},
		},
		NodeInfo: corev1.NodeSystemInfo{
			Architecture: n.Architecture, OperatingSystem: "linux", OSImage: "none", KernelVersion: "none",
			KubeletVersion: "v" + toolchain.KubernetesVersion, ContainerRuntimeVersion: "kwok://0", MachineID: n.Name, SystemUUID: n.Name, BootID: n.Name,
		},
	}
}

// nodeAddress gives each machine its own address or, where it has none, one of
// 172.16.0.0/16, where nothing answers.
func nodeAddress(index int, n config.Node) string {
	if n.Address.IsValid() {
		return n.Address.String()
	}
	return fmt.Sprintf("172.16.%d.%d", index/250, index%250+1)
}

func (a *api) applyNode(ctx context.Context, index int, n config.Node) error {
	whole := node(index, n)
	object, err := loose(&corev1.Node{TypeMeta: whole.TypeMeta, ObjectMeta: whole.ObjectMeta, Spec: whole.Spec})
	if err != nil {
		return fmt.Errorf("node %q: %w", n.Name, err)
	}
	delete(object.Object, "status")
	if err := a.apply(ctx, nodesResource, object); err != nil {
		return err
	}
	status, err := loose(&corev1.Node{
		TypeMeta: whole.TypeMeta, ObjectMeta: metav1.ObjectMeta{Name: n.Name}, Status: whole.Status,
	})
	if err != nil {
		return fmt.Errorf("node %q: %w", n.Name, err)
	}
	delete(status.Object, "spec")
	return a.apply(ctx, nodesResource, status, "status")
}

// dropNodes deletes the fake nodes that a topology does not name.
func (a *api) dropNodes(ctx context.Context, keep []config.Node) error {
	named := map[string]bool{}
	for _, n := range keep {
		named[n.Name] = true
	}
	found, err := a.list(ctx, nodesResource, "")
	if err != nil {
		return err
	}
	for _, n := range found {
		if named[n.GetName()] || n.GetAnnotations()[fakeNodeKey] != fakeNodeValue {
			continue
		}
		err := a.objects.Resource(nodesResource).Delete(ctx, n.GetName(), metav1.DeleteOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("delete node %s: %w", n.GetName(), err)
		}
	}
	return nil
}

// releaseLeases frees the nodes from the kwok of an earlier run: a new one
// waits for its predecessor's leases to end.
func (a *api) releaseLeases(ctx context.Context) error {
	err := a.objects.Resource(leasesResource).Namespace(leaseNamespace).
		DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("release node leases: %w", err)
	}
	return nil
}
