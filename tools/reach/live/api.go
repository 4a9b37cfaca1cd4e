package live

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

var (
	podsResource       = corev1.SchemeGroupVersion.WithResource("pods")
	nodesResource      = corev1.SchemeGroupVersion.WithResource("nodes")
	servicesResource   = corev1.SchemeGroupVersion.WithResource("services")
	namespacesResource = corev1.SchemeGroupVersion.WithResource("namespaces")
)

// connect makes a client of the cluster that a kubeconfig leads to.
func connect(kubeconfig string) (dynamic.Interface, error) {
	rest, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	rest.QPS = -1 // the server is this machine's own
	return dynamic.NewForConfig(rest)
}

// list reads all objects of a kind.
func list[T any](ctx context.Context, objects dynamic.Interface, of schema.GroupVersionResource) ([]T, error) {
	found, err := objects.Resource(of).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", of.Resource, err)
	}
	all := make([]T, len(found.Items))
	for i := range found.Items {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(found.Items[i].Object, &all[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", of.Resource, err)
		}
	}
	return all, nil
}

// create makes an object of a namespace, or of none, and returns its name.
func create(ctx context.Context, objects dynamic.Interface, in schema.GroupVersionResource, namespace string, object any) (string, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return "", err
	}
	unstructured.RemoveNestedField(fields, "status")
	made, err := objects.Resource(in).Namespace(namespace).Create(ctx, &unstructured.Unstructured{Object: fields}, metav1.CreateOptions{})
	if err != nil {
		return "", err
	}
	return made.GetName(), nil
}
