//go:build e2e

package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// The namespaces of the stacks.
const (
	localNamespace = "co2-calculator-local"
	coreNamespace  = "core"
)

// live reads the embedded cluster of a stack.
type live struct {
	t         *testing.T
	typed     *kubernetes.Clientset
	dynamic   *dynamic.DynamicClient
	namespace string
}

func connect(t *testing.T, kubeconfig, namespace string) live {
	t.Helper()
	rest, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	typed, err := kubernetes.NewForConfig(rest)
	require.NoError(t, err)
	loose, err := dynamic.NewForConfig(rest)
	require.NoError(t, err)
	return live{t, typed, loose, namespace}
}

func (l live) deployments() map[string]appsv1.Deployment {
	list, err := l.typed.AppsV1().Deployments(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	found := map[string]appsv1.Deployment{}
	for _, d := range list.Items {
		found[d.Name] = d
	}
	return found
}

func (l live) pods() []corev1.Pod {
	list, err := l.typed.CoreV1().Pods(l.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	return list.Items
}

func (l live) nodes() map[string]corev1.Node {
	list, err := l.typed.CoreV1().Nodes().List(context.Background(), metav1.ListOptions{})
	require.NoError(l.t, err)
	found := map[string]corev1.Node{}
	for _, n := range list.Items {
		found[n.Name] = n
	}
	return found
}

// ownKinds are the kinds that the stack makes objects of in its namespace.
var ownKinds = []schema.GroupVersionResource{
	{Group: "apps", Version: "v1", Resource: "deployments"},
	{Group: "apps", Version: "v1", Resource: "statefulsets"},
	{Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"},
	{Group: "batch", Version: "v1", Resource: "cronjobs"},
	{Group: "batch", Version: "v1", Resource: "jobs"},
	{Version: "v1", Resource: "configmaps"},
	{Version: "v1", Resource: "persistentvolumeclaims"},
	{Version: "v1", Resource: "resourcequotas"},
	{Version: "v1", Resource: "secrets"},
	{Version: "v1", Resource: "services"},
	{Version: "v1", Resource: "serviceaccounts"},
	{Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
	{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"},
	{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"},
	{Group: "monitoring.coreos.com", Version: "v1", Resource: "podmonitors"},
	{Group: "monitoring.coreos.com", Version: "v1", Resource: "prometheusrules"},
}

// inventory lists KIND/NAME of every object that the provider made in the
// namespace. Names that Pulumi chose lose their random end, so that two of the
// same stand out as two equal entries.
func (l live) inventory() []string {
	var names []string
	for _, kind := range ownKinds {
		list, err := l.dynamic.Resource(kind).Namespace(l.namespace).List(context.Background(), metav1.ListOptions{})
		require.NoError(l.t, err)
		for _, item := range list.Items {
			if item.GetLabels()["app.kubernetes.io/managed-by"] != "pulumi" || len(item.GetOwnerReferences()) > 0 {
				continue // made by Kubernetes' own controllers
			}
			name := item.GetName()
			if item.GetAnnotations()["pulumi.com/autonamed"] == "true" || kind.Resource == "jobs" { // a Job's ends in a hash
				name = name[:strings.LastIndex(name, "-")]
			}
			names = append(names, kind.Resource+"/"+name)
		}
	}
	slices.Sort(names)
	return names
}

// objects lists the names of a kind in the namespace, in whatever version the
// API server prefers.
func (l live) objects(group, resource string) []string {
	lists, err := l.typed.Discovery().ServerPreferredResources()
	require.NoError(l.t, err)
	for _, list := range lists {
		gv, err := schema.ParseGroupVersion(list.GroupVersion)
		require.NoError(l.t, err)
		for _, kind := range list.APIResources {
			if gv.Group != group || kind.Name != resource {
				continue
			}
			found, err := l.dynamic.Resource(gv.WithResource(resource)).Namespace(l.namespace).List(context.Background(), metav1.ListOptions{})
			require.NoError(l.t, err)
			var names []string
			for _, item := range found.Items {
				names = append(names, item.GetName())
			}
			return names
		}
	}
	l.t.Errorf("the API server knows no %s.%s", resource, group)
	return nil
}
