package volumes

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

func TestProvisionErrors(t *testing.T) {
	local := class("local", LocalPath, corev1.PersistentVolumeReclaimDelete)
	for name, tc := range map[string]struct {
		mutate func(*controller.ProvisionOptions)
		state  controller.ProvisioningState
		want   string // "" means provided
	}{
		"valid": {func(*controller.ProvisionOptions) {}, controller.ProvisioningFinished, ""},
		"several nodes": {func(o *controller.ProvisionOptions) {
			o.PVC.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteMany}
		}, controller.ProvisioningFinished, "cannot be used from several"},
		"no node yet": {
			func(o *controller.ProvisionOptions) { o.SelectedNodeName = "" },
			controller.ProvisioningFinished, "set its volumeBindingMode to WaitForFirstConsumer",
		},
		"node gone": {
			func(o *controller.ProvisionOptions) { o.SelectedNodeName = "s9" },
			controller.ProvisioningReschedule, `"s9" not found`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := &folders{fake.NewClientset(node("s1")), t.TempDir()}
			opts := controller.ProvisionOptions{StorageClass: local, PVName: "pv", PVC: claim("data", local, "s1"), SelectedNodeName: "s1"}
			tc.mutate(&opts)
			volume, state, err := f.Provision(t.Context(), opts)
			assert.Equal(t, tc.state, state)
			if tc.want == "" {
				require.NoError(t, err)
				assert.DirExists(t, volume.Spec.HostPath.Path)
				return
			}
			assert.ErrorContains(t, err, tc.want)
			assert.NoDirExists(t, filepath.Join(f.root, "local"))
		})
	}
}

// A volume is an object that others may write: its path decides about no
// folder that was not made here.
func TestDeleteStaysInside(t *testing.T) {
	root := t.TempDir()
	f := &folders{fake.NewClientset(), filepath.Join(root, "volumes")}
	require.NoError(t, os.MkdirAll(filepath.Join(f.root, "nas", "shop-data-1"), 0o700))
	for _, path := range []string{"/", root, f.root, filepath.Join(f.root, "nas"), filepath.Join(f.root, "nas", "..", "..", "other"), root + "/volumes-2/a/b"} {
		volume := &corev1.PersistentVolume{Spec: corev1.PersistentVolumeSpec{
			PersistentVolumeSource: corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path}},
		}}
		assert.ErrorContains(t, f.Delete(t.Context(), volume), "is no folder that was made below", path)
	}
	assert.ErrorContains(t, f.Delete(t.Context(), &corev1.PersistentVolume{}), "is no folder")
	assert.DirExists(t, filepath.Join(f.root, "nas", "shop-data-1"))
}

func TestBindingMode(t *testing.T) {
	assert.Equal(t, storagev1.VolumeBindingWaitForFirstConsumer, BindingMode(LocalPath))
	assert.Equal(t, storagev1.VolumeBindingImmediate, BindingMode(nfs))
}
