package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"platform/config"
)

var serviceAccountsResource = schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}

// waitSettled waits until pods can be created and scheduled: every node is
// ready and rid of the taints of a new one, and the namespaces have their
// service account.
func (a *api) waitSettled(ctx context.Context, topology config.Topology) error {
	var last error
	err := poll(ctx, func() (bool, error) {
		last = errors.Join(a.nodesReady(ctx, topology.Nodes), a.accountThere(ctx, "default"))
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", err, last)
	}
	return nil
}

func (a *api) nodesReady(ctx context.Context, nodes []config.Node) error {
	found, err := a.list(ctx, nodesResource, "")
	if err != nil {
		return err
	}
	ready := map[string]bool{}
	for i := range found {
		ready[found[i].GetName()] = conditionTrue(&found[i], string(corev1.NodeReady)) && !fresh(&found[i])
	}
	for _, n := range nodes {
		if !ready[n.Name] {
			return fmt.Errorf("node %q is not ready", n.Name)
		}
	}
	return nil
}

// fresh reports whether a node still has a taint by which the server keeps pods
// off one that was not ready.
func fresh(node *unstructured.Unstructured) bool {
	taints, _, _ := unstructured.NestedSlice(node.Object, "spec", "taints")
	for _, one := range taints {
		taint, ok := one.(map[string]any)
		key, _ := taint["key"].(string)
		if ok && strings.HasPrefix(key, "node.kubernetes.io/") {
			return true
		}
	}
	return false
}

// accountThere reports whether a namespace has the account that pods run under.
func (a *api) accountThere(ctx context.Context, namespace string) error {
	_, err := a.objects.Resource(serviceAccountsResource).Namespace(namespace).Get(ctx, "default", metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return fmt.Errorf("namespace %q has no service account yet", namespace)
	}
	return err
}
