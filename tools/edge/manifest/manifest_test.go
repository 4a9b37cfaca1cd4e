package manifest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/labels"
)

var options = Options{
	Namespace: "ingress-nginx", Labels: map[string]string{"app.kubernetes.io/name": "ingress-nginx", "team": "web"},
	IngressClass: "nginx", GatewayClass: "shared", Address: "192.0.2.1",
}

func TestEveryObjectHasItsKind(t *testing.T) {
	var kinds []string
	for _, one := range All(options) {
		kind := one.GetObjectKind().GroupVersionKind()
		require.NotEmpty(t, kind.Version, "server-side apply needs it: %T", one)
		kinds = append(kinds, kind.Kind)
	}
	assert.Equal(t, []string{
		"ServiceAccount", "ClusterRole", "ClusterRoleBinding", "IngressClass", "GatewayClass", "Service", "PodDisruptionBudget", "Deployment",
	}, kinds)
	assert.Len(t, All(Options{Namespace: "ingress-nginx"}), 6, "no class, no object of it")
}

// Network policies let the edge in by the topology's labels, and the Service
// finds its pods.
func TestPodIsFound(t *testing.T) {
	for name, o := range map[string]Options{"labels": options, "no labels": {Namespace: "ingress-nginx"}} {
		t.Run(name, func(t *testing.T) {
			pod := labels.Set(Deployment(o).Spec.Template.Labels)
			assert.True(t, labels.SelectorFromSet(o.Labels).Matches(pod))
			assert.True(t, labels.SelectorFromSet(Service(o).Spec.Selector).Matches(pod))
			assert.True(t, labels.SelectorFromSet(Deployment(o).Spec.Selector.MatchLabels).Matches(pod))
			assert.Equal(t, "ingress-nginx", pod["app.kubernetes.io/name"])
		})
	}
}

func TestPodIsRestricted(t *testing.T) {
	spec := Deployment(options).Spec.Template.Spec
	require.Len(t, spec.Containers, 1)
	container := spec.Containers[0]
	assert.Equal(t, Image, container.Image)
	assert.True(t, *spec.SecurityContext.RunAsNonRoot)
	assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem)
	assert.False(t, *container.SecurityContext.AllowPrivilegeEscalation)
	assert.Equal(t, "100m", container.Resources.Requests.Cpu().String())
	assert.Equal(t, "90Mi", container.Resources.Requests.Memory().String())
	assert.Contains(t, container.Args, "--ingress-class=nginx")
	assert.Contains(t, container.Args, "--address=192.0.2.1")
	for _, port := range container.Ports {
		assert.GreaterOrEqual(t, port.ContainerPort, int32(1024), port.Name)
	}
}
