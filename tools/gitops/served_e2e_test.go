//go:build e2e

package gitops

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"platform/tools/cluster"
	"platform/tools/toolchain"
)

// TestTheServerAddsNothingInsideAList asks a real API server, with the real
// definitions, what it makes of each custom resource. Argo CD knows the defaults
// of Kubernetes' own kinds and not those of others; it takes what is added to an
// object as it is, but compares an element of a list as a whole. A stack with
// such an element is never synced.
func TestTheServerAddsNothingInsideAList(t *testing.T) {
	tools, err := toolchain.Ensure(t.Context(), toolchain.Options{Root: "../..", Tools: slices.Concat(toolchain.Cluster, toolchain.LoadBalancer)})
	require.NoError(t, err)
	folder := t.TempDir()
	asked := 0
	for _, stack := range []string{"prod", "k3s"} {
		o := optionsOf(t, stack)
		require.NoError(t, Write(t.Context(), o, folder))
		c, err := cluster.Start(t.Context(), cluster.Options{
			Name: "platform-" + stack, Dir: t.TempDir(), Programs: cluster.ProgramsOf(tools), Topology: o.Config.Shared().Topology,
		})
		require.NoError(t, err)
		server := serverOf(t, c.Kubeconfig())
		for _, one := range written(t, filepath.Join(folder, stack)) {
			if scheme.Scheme.Recognizes(one.GroupVersionKind()) {
				continue // Kubernetes' own
			}
			asked++
			assert.Empty(t, addedInLists("", one.Object, server.dryRun(t, &one.Unstructured).Object), one.id())
		}
		require.NoError(t, c.Stop())
	}
	assert.Greater(t, asked, 10)
}

// addedInLists are the fields that the elements of lists have only afterwards.
func addedInLists(path string, before, after any) []string {
	var added []string
	switch before := before.(type) {
	case map[string]any:
		after, _ := after.(map[string]any)
		for key, value := range before {
			added = append(added, addedInLists(path+"."+key, value, after[key])...)
		}
	case []any:
		after, _ := after.([]any)
		for i, value := range before {
			if i < len(after) {
				at := fmt.Sprintf("%s[%d]", path, i)
				added = append(append(added, addedKeys(at, value, after[i])...), addedInLists(at, value, after[i])...)
			}
		}
	}
	return added
}

// addedKeys are those of an element, at any depth.
func addedKeys(path string, before, after any) []string {
	var added []string
	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)
	for key, value := range is {
		if _, there := was[key]; !there {
			added = append(added, path+"."+key)
		} else {
			added = append(added, addedKeys(path+"."+key, was[key], value)...)
		}
	}
	return added
}

type server struct {
	client dynamic.Interface
	mapper *restmapper.DeferredDiscoveryRESTMapper
}

func serverOf(t *testing.T, kubeconfig string) server {
	t.Helper()
	rest, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(rest)
	require.NoError(t, err)
	kinds, err := discovery.NewDiscoveryClientForConfig(rest)
	require.NoError(t, err)
	return server{client, restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(kinds))}
}

// dryRun is what the server would make of an object, in a namespace that it has.
func (s server) dryRun(t *testing.T, o *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	mapping, err := s.mapper.RESTMapping(o.GroupVersionKind().GroupKind(), o.GroupVersionKind().Version)
	require.NoError(t, err, o.GetKind())
	var objects dynamic.ResourceInterface = s.client.Resource(mapping.Resource)
	if o.GetNamespace() != "" {
		namespace := &unstructured.Unstructured{}
		namespace.SetGroupVersionKind(schema.GroupVersionKind{Version: "v1", Kind: "Namespace"})
		namespace.SetName(o.GetNamespace())
		_, err := s.client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}).
			Apply(context.Background(), o.GetNamespace(), namespace, metav1.ApplyOptions{FieldManager: "test"})
		require.NoError(t, err)
		objects = s.client.Resource(mapping.Resource).Namespace(o.GetNamespace())
	}
	made, err := objects.Apply(context.Background(), o.GetName(), o, metav1.ApplyOptions{FieldManager: "test", DryRun: []string{metav1.DryRunAll}})
	require.NoError(t, err, "%s %s", o.GetKind(), o.GetName())
	return made
}
