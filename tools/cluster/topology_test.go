package cluster

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	storagev1 "k8s.io/api/storage/v1"

	"platform/config"
)

func TestNode(t *testing.T) {
	valid := config.Node{Name: "arm-1", Architecture: "arm64", CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi")}
	for name, tc := range map[string]struct {
		mutate func(*config.Node)
		check  func(*testing.T, *corev1.Node)
	}{
		"labels and annotation": {func(n *config.Node) { n.Labels = map[string]string{"pool": "data"} }, func(t *testing.T, n *corev1.Node) {
			assert.Equal(t, map[string]string{
				"kubernetes.io/hostname": "arm-1", "kubernetes.io/arch": "arm64", "kubernetes.io/os": "linux",
				"type": "kwok", "pool": "data",
			}, n.Labels)
			assert.Equal(t, map[string]string{"kwok.x-k8s.io/node": "fake"}, n.Annotations)
		}},
		"architecture": {func(*config.Node) {}, func(t *testing.T, n *corev1.Node) {
			assert.Equal(t, "arm64", n.Status.NodeInfo.Architecture)
		}},
		"capacity": {func(n *config.Node) { n.Pods = 20 }, func(t *testing.T, n *corev1.Node) {
			assert.Equal(t, "4", n.Status.Capacity.Cpu().String())
			assert.Equal(t, "8Gi", n.Status.Allocatable.Memory().String())
			assert.Equal(t, "20", n.Status.Capacity.Pods().String())
		}},
		"pods by default": {func(*config.Node) {}, func(t *testing.T, n *corev1.Node) {
			assert.Equal(t, "110", n.Status.Capacity.Pods().String())
		}},
		"address": {func(n *config.Node) { n.Address = netip.MustParseAddr("192.168.3.201") }, func(t *testing.T, n *corev1.Node) {
			assert.Equal(t, []corev1.NodeAddress{{Type: "InternalIP", Address: "192.168.3.201"}, {Type: "Hostname", Address: "arm-1"}}, n.Status.Addresses)
		}},
		"taints": {
			func(n *config.Node) {
				n.Taints = []config.Taint{{Key: "dedicated", Value: "data", Effect: "NoExecute"}}
			},
			func(t *testing.T, n *corev1.Node) {
				assert.Equal(t, []corev1.Taint{{Key: "dedicated", Value: "data", Effect: corev1.TaintEffectNoExecute}}, n.Spec.Taints)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			given := valid
			tc.mutate(&given)
			tc.check(t, node(0, given))
		})
	}
}

func TestNodeAddressesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for index := range 600 {
		address := nodeAddress(index, config.Node{})
		assert.False(t, seen[address], address)
		seen[address] = true
	}
}

func TestStorageClass(t *testing.T) {
	class := storageClass(config.StorageClass{Name: "fast", Default: true, Provisioner: "csi.example.test"}, Simulated)
	assert.Equal(t, "csi.example.test", class.Provisioner)
	assert.Equal(t, "true", class.Annotations["storageclass.kubernetes.io/is-default-class"])
	assert.Empty(t, storageClass(config.StorageClass{Name: "slow"}, Simulated).Annotations)
}

func TestLooseLeavesOutWhatTheServerSets(t *testing.T) {
	object, err := loose(node(0, config.Node{Name: "a"}))
	require.NoError(t, err)
	assert.Equal(t, "a", object.GetName())
	assert.NotContains(t, object.Object["metadata"], "creationTimestamp")
}

// A volume of a node waits for the pod that says which.
func TestStorageClassOfRealNodes(t *testing.T) {
	local := config.StorageClass{Name: "local-path", Provisioner: "rancher.io/local-path"}
	assert.Equal(t, storagev1.VolumeBindingWaitForFirstConsumer, *storageClass(local, Real).VolumeBindingMode)
	assert.Equal(t, storagev1.VolumeBindingImmediate, *storageClass(local, Simulated).VolumeBindingMode, "kwok asks for no pod")
	assert.Equal(t, storagev1.VolumeBindingImmediate, *storageClass(config.StorageClass{Provisioner: "nfs.csi.k8s.io"}, Real).VolumeBindingMode)
}
