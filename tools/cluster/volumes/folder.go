package volumes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// folderMode is that of local-path and of the NFS provisioner: containers run
// as any user, and kubelets do not apply fsGroup to folders of their machine.
const folderMode = 0o777

// folders makes a folder for each volume.
type folders struct {
	client kubernetes.Interface
	root   string
}

// Provision makes the folder of a claim and describes its volume.
func (f *folders) Provision(ctx context.Context, opts controller.ProvisionOptions) (*corev1.PersistentVolume, controller.ProvisioningState, error) {
	local := opts.StorageClass.Provisioner == LocalPath
	if local {
		if err := checkLocal(opts.PVC.Spec.AccessModes); err != nil {
			return nil, controller.ProvisioningFinished, err
		}
	}
	affinity, err := f.affinity(ctx, opts, local)
	if apierrors.IsNotFound(err) { // the node has gone since the pod was given to it
		return nil, controller.ProvisioningReschedule, err
	}
	if err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	path := f.path(opts.PVC, opts.StorageClass)
	if err := makeFolder(path); err != nil {
		return nil, controller.ProvisioningFinished, fmt.Errorf("volume of claim %s/%s: %w", opts.PVC.Namespace, opts.PVC.Name, err)
	}
	reclaim, kind := corev1.PersistentVolumeReclaimDelete, corev1.HostPathDirectory
	if opts.StorageClass.ReclaimPolicy != nil {
		reclaim = *opts.StorageClass.ReclaimPolicy
	}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: opts.PVName},
		Spec: corev1.PersistentVolumeSpec{
			AccessModes:                   opts.PVC.Spec.AccessModes,
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: opts.PVC.Spec.Resources.Requests[corev1.ResourceStorage]},
			PersistentVolumeReclaimPolicy: reclaim,
			MountOptions:                  opts.StorageClass.MountOptions,
			VolumeMode:                    opts.PVC.Spec.VolumeMode,
			NodeAffinity:                  affinity,
			// A folder that is gone must stop the pod, not come back empty.
			PersistentVolumeSource: corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path, Type: &kind}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes the folder of a volume that nobody claims any more.
func (f *folders) Delete(_ context.Context, volume *corev1.PersistentVolume) error {
	source := volume.Spec.HostPath
	if source == nil {
		return fmt.Errorf("volume %q: is no folder", volume.Name)
	}
	inside, err := filepath.Rel(f.root, source.Path)
	if err != nil || !filepath.IsLocal(inside) || !strings.ContainsRune(inside, filepath.Separator) {
		return fmt.Errorf("volume %q: %s is no folder that was made below %s; remove the volume by hand", volume.Name, source.Path, f.root)
	}
	if err := os.RemoveAll(source.Path); err != nil {
		return fmt.Errorf("volume %q: %w", volume.Name, err)
	}
	return nil
}

// path is the claim's folder. Its unique ID keeps a claim that was made again
// from the data of the earlier one.
func (f *folders) path(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) string {
	return filepath.Join(f.root, class.Name, fmt.Sprintf("%s-%s-%s", claim.Namespace, claim.Name, claim.UID))
}

// affinity binds a volume to the node where the pod that it is for will run.
// Without one, as in a class that binds at once, nobody says where it should lie.
func (f *folders) affinity(ctx context.Context, opts controller.ProvisionOptions, local bool) (*corev1.VolumeNodeAffinity, error) {
	if !local {
		return nil, nil
	}
	if opts.SelectedNodeName == "" {
		return nil, fmt.Errorf("storage class %q: no node is chosen yet; set its volumeBindingMode to %s",
			opts.StorageClass.Name, storagev1.VolumeBindingWaitForFirstConsumer)
	}
	node, err := f.client.CoreV1().Nodes().Get(ctx, opts.SelectedNodeName, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	host := node.Labels[corev1.LabelHostname]
	if host == "" {
		return nil, fmt.Errorf("node %q: has no label %s", node.Name, corev1.LabelHostname)
	}
	return &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
		MatchExpressions: []corev1.NodeSelectorRequirement{{
			Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{host},
		}},
	}}}}, nil
}

// checkLocal refuses what the disk of one node cannot do.
func checkLocal(modes []corev1.PersistentVolumeAccessMode) error {
	if slices.Contains(modes, corev1.ReadWriteMany) || slices.Contains(modes, corev1.ReadOnlyMany) {
		return errors.New("the folder of one node cannot be used from several; ask for ReadWriteOnce or for another class")
	}
	return nil
}

// makeFolder makes a folder that every user may write to, whatever the umask.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, folderMode); err != nil {
		return err
	}
	return os.Chmod(path, folderMode)
}
