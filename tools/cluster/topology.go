package cluster

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"platform/config"
	"platform/tools/cluster/volumes"
)

var (
	namespacesResource     = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	storageClassesResource = schema.GroupVersionResource{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"}
)

// defaultClass is the annotation of the class of claims that name none.
const defaultClass = "storageclass.kubernetes.io/is-default-class"

// applyTopology makes nodes, storage classes and the namespaces of the
// controllers, and takes away fake nodes that the topology no longer has.
func (a *api) applyTopology(ctx context.Context, topology config.Topology, nodes Nodes) error {
	if nodes == Simulated {
		if err := a.dropNodes(ctx, topology.Nodes); err != nil {
			return err
		}
		for i, one := range topology.Nodes {
			if err := a.applyNode(ctx, i, one); err != nil {
				return err
			}
		}
	}
	for _, one := range topology.StorageClasses {
		class, err := loose(storageClass(one, nodes))
		if err != nil {
			return fmt.Errorf("storage class %q: %w", one.Name, err)
		}
		if err := a.apply(ctx, storageClassesResource, class); err != nil {
			return err
		}
	}
	for _, name := range []string{topology.IngressController.Namespace, topology.LoadBalancer.Namespace} {
		if err := a.applyNamespace(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// applyNamespace makes a namespace; none for a controller that is not there.
func (a *api) applyNamespace(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	namespace, err := loose(&corev1.Namespace{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: name},
	})
	if err != nil {
		return fmt.Errorf("namespace %q: %w", name, err)
	}
	return a.apply(ctx, namespacesResource, namespace)
}

// storageClass is a class whose volumes are provided by this cluster, whoever is
// named to do so: by kwok at once, on real nodes as the class would.
func storageClass(class config.StorageClass, nodes Nodes) *storagev1.StorageClass {
	reclaim, binding, expand := corev1.PersistentVolumeReclaimDelete, storagev1.VolumeBindingImmediate, true
	if nodes == Real {
		binding = volumes.BindingMode(class.Provisioner)
	}
	object := &storagev1.StorageClass{
		TypeMeta:             metav1.TypeMeta{APIVersion: "storage.k8s.io/v1", Kind: "StorageClass"},
		ObjectMeta:           metav1.ObjectMeta{Name: class.Name},
		Provisioner:          class.Provisioner,
		ReclaimPolicy:        &reclaim,
		VolumeBindingMode:    &binding,
		AllowVolumeExpansion: &expand,
	}
	if class.Default {
		object.Annotations = map[string]string{defaultClass: "true"}
	}
	return object
}
