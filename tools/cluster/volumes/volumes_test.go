package volumes

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
)

const nfs = "nfs.csi.k8s.io"

// patience is for a machine that does other work too.
const patience = 30 * time.Second

func class(name, provisioner string, reclaim corev1.PersistentVolumeReclaimPolicy) *storagev1.StorageClass {
	mode, grows := BindingMode(provisioner), true
	return &storagev1.StorageClass{
		ObjectMeta: metav1.ObjectMeta{Name: name}, Provisioner: provisioner,
		ReclaimPolicy: &reclaim, VolumeBindingMode: &mode, AllowVolumeExpansion: &grows,
	}
}

func node(name string) *corev1.Node {
	return &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelHostname: name}}}
}

// claim is one for which the controllers have asked a provisioner.
func claim(name string, class *storagev1.StorageClass, node string) *corev1.PersistentVolumeClaim {
	annotations := map[string]string{"volume.kubernetes.io/storage-provisioner": class.Provisioner}
	if node != "" {
		annotations["volume.kubernetes.io/selected-node"] = node
	}
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name, UID: "uid-1", Annotations: annotations},
		Spec: corev1.PersistentVolumeClaimSpec{
			StorageClassName: &class.Name,
			AccessModes:      []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources:        corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
		},
		Status: corev1.PersistentVolumeClaimStatus{Phase: corev1.ClaimPending},
	}
}

// play runs the provisioner over objects until the test ends.
func play(t *testing.T, objects ...runtime.Object) (kubernetes.Interface, string) {
	t.Helper()
	client, folder := fake.NewClientset(objects...), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, Options{client, folder, []string{nfs, LocalPath, nfs}}) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			assert.NoError(t, err)
		case <-time.After(patience):
			t.Error("does not end with its context")
		}
	})
	return client, folder
}

// provided waits for the volume of the claim.
func provided(t *testing.T, client kubernetes.Interface) *corev1.PersistentVolume {
	t.Helper()
	var volume *corev1.PersistentVolume
	require.Eventually(t, func() bool {
		var err error
		volume, err = client.CoreV1().PersistentVolumes().Get(t.Context(), "pvc-uid-1", metav1.GetOptions{})
		return err == nil
	}, patience, 10*time.Millisecond)
	return volume
}

func TestSharedVolume(t *testing.T) {
	nas := class("nas", nfs, corev1.PersistentVolumeReclaimDelete)
	client, folder := play(t, nas, claim("data", nas, ""))
	volume := provided(t, client)
	path := filepath.Join(folder, "nas", "shop-data-uid-1")
	assert.Equal(t, path, volume.Spec.HostPath.Path)
	assert.Nil(t, volume.Spec.NodeAffinity, "every node reaches it")
	assert.Equal(t, "data", volume.Spec.ClaimRef.Name)
	assert.Equal(t, "nas", volume.Spec.StorageClassName)
	assert.Equal(t, nfs, volume.Annotations["pv.kubernetes.io/provisioned-by"])
	assert.Equal(t, "1Gi", volume.Spec.Capacity.Storage().String())
	about, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(folderMode), about.Mode().Perm(), "whatever the umask")
}

func TestLocalVolume(t *testing.T) {
	local := class("local", LocalPath, corev1.PersistentVolumeReclaimDelete)
	client, _ := play(t, local, node("s1"), node("s2"), claim("data", local, "s2"))
	terms := provided(t, client).Spec.NodeAffinity.Required.NodeSelectorTerms
	require.Len(t, terms, 1)
	assert.Equal(t, []corev1.NodeSelectorRequirement{{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{"s2"}}},
		terms[0].MatchExpressions)
}

func TestLocalVolumeWaitsForItsNode(t *testing.T) {
	local := class("local", LocalPath, corev1.PersistentVolumeReclaimDelete)
	one := claim("data", local, "")
	client, folder := play(t, local, node("s1"), one)
	time.Sleep(200 * time.Millisecond) // nothing to wait for: nothing is to happen
	assert.NoDirExists(t, filepath.Join(folder, "local"))
	one.Annotations["volume.kubernetes.io/selected-node"] = "s1"
	_, err := client.CoreV1().PersistentVolumeClaims("shop").Update(t.Context(), one, metav1.UpdateOptions{})
	require.NoError(t, err)
	provided(t, client)
}

func TestReclaim(t *testing.T) {
	for name, tc := range map[string]struct {
		policy corev1.PersistentVolumeReclaimPolicy
		kept   bool
	}{
		"delete": {corev1.PersistentVolumeReclaimDelete, false},
		"retain": {corev1.PersistentVolumeReclaimRetain, true},
	} {
		t.Run(name, func(t *testing.T) {
			nas := class("nas", nfs, tc.policy)
			client, folder := play(t, nas, claim("data", nas, ""))
			volume := provided(t, client)
			assert.Equal(t, tc.policy, volume.Spec.PersistentVolumeReclaimPolicy)
			path := filepath.Join(folder, "nas", "shop-data-uid-1")
			require.NoError(t, os.WriteFile(filepath.Join(path, "row"), []byte("data"), 0o600))
			volume.Status.Phase = corev1.VolumeReleased
			_, err := client.CoreV1().PersistentVolumes().UpdateStatus(t.Context(), volume, metav1.UpdateOptions{})
			require.NoError(t, err)
			if tc.kept {
				time.Sleep(200 * time.Millisecond) // nothing to wait for: nothing is to happen
				assert.FileExists(t, filepath.Join(path, "row"))
				return
			}
			assert.Eventually(t, func() bool {
				left, err := client.CoreV1().PersistentVolumes().List(t.Context(), metav1.ListOptions{})
				return err == nil && len(left.Items) == 0
			}, patience, 10*time.Millisecond)
			assert.NoDirExists(t, path)
		})
	}
}

func TestGrowth(t *testing.T) {
	for name, tc := range map[string]struct {
		allowed bool
		want    string
	}{"allowed": {true, "2Gi"}, "not allowed": {false, "1Gi"}} {
		t.Run(name, func(t *testing.T) {
			nas := class("nas", nfs, corev1.PersistentVolumeReclaimDelete)
			nas.AllowVolumeExpansion = &tc.allowed
			one := claim("data", nas, "")
			client, _ := play(t, nas, one)
			provided(t, client)
			one.Spec.VolumeName, one.Status.Phase = "pvc-uid-1", corev1.ClaimBound
			one.Status.Capacity = corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}
			one.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("2Gi")
			one.Status.Conditions = []corev1.PersistentVolumeClaimCondition{{Type: corev1.PersistentVolumeClaimResizing}}
			_, err := client.CoreV1().PersistentVolumeClaims("shop").Update(t.Context(), one, metav1.UpdateOptions{})
			require.NoError(t, err)
			size := func() string {
				found, err := client.CoreV1().PersistentVolumeClaims("shop").Get(t.Context(), "data", metav1.GetOptions{})
				require.NoError(t, err)
				return found.Status.Capacity.Storage().String()
			}
			if tc.allowed {
				require.Eventually(t, func() bool { return size() == tc.want }, patience, 10*time.Millisecond)
			} else {
				time.Sleep(200 * time.Millisecond) // nothing to wait for: nothing is to happen
			}
			assert.Equal(t, tc.want, size())
			assert.Equal(t, tc.want, provided(t, client).Spec.Capacity.Storage().String())
		})
	}
}

func TestOptionErrors(t *testing.T) {
	err := Run(t.Context(), Options{Folder: "volumes"})
	assert.ErrorContains(t, err, "client: missing")
	assert.ErrorContains(t, err, `folder: "volumes" is not absolute`)
	assert.ErrorContains(t, err, "provisioners: none")
}
