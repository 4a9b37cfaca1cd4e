package engine

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
)

// client reads objects of any kind from the stack's cluster.
type client struct {
	objects dynamic.Interface
	kinds   meta.RESTMapper
	raw     rest.Interface // for what is no object, such as the way to a pod
}

// connect uses the context that the program itself uses.
func (s *Session) connect() (*client, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = s.kubeconfig
	overrides := &clientcmd.ConfigOverrides{CurrentContext: s.context}
	access, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	access.QPS = -1 // a few reads; the server's own limits suffice
	objects, err := dynamic.NewForConfig(access)
	if err != nil {
		return nil, fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	kinds, err := discovery.NewDiscoveryClientForConfig(access)
	if err != nil {
		return nil, fmt.Errorf("cluster of stack %s: %w", s.Stack, err)
	}
	return &client{objects, restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(kinds)), kinds.RESTClient()}, nil
}

// get reads the live counterpart of an object.
func (c *client) get(ctx context.Context, of *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	resource, err := c.resource(of)
	if err != nil {
		return nil, err
	}
	return resource.Get(ctx, of.GetName(), metav1.GetOptions{})
}

// list reads all objects of the kind and namespace of this one.
func (c *client) list(ctx context.Context, of *unstructured.Unstructured) ([]unstructured.Unstructured, error) {
	resource, err := c.resource(of)
	if err != nil {
		return nil, err
	}
	found, err := resource.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	return found.Items, nil
}

// resource is where the objects of a kind are, in the namespace of this one.
func (c *client) resource(of *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := of.GroupVersionKind()
	mapping, err := c.kinds.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, err
	}
	resource := c.objects.Resource(mapping.Resource)
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return resource, nil
	}
	return resource.Namespace(of.GetNamespace()), nil
}

// typed are the objects of a list as what they are; one that is something else
// is an empty one.
func typed[T any](list *unstructured.UnstructuredList) []T {
	all := make([]T, len(list.Items))
	for i, item := range list.Items {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &all[i]); err != nil {
			all[i] = *new(T)
		}
	}
	return all
}
