package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/components"
)

func TestResourcesFaults(t *testing.T) {
	rejects(t, someResources, map[string]fault[components.Resources]{
		"request is limit": {func(r *components.Resources) { r.MemoryRequest = resource.MustParse("512Mi") }, ""},
		"no CPU request":   {func(r *components.Resources) { r.CPURequest = resource.Quantity{} }, "the cpu request is missing"},
		"no memory limit":  {func(r *components.Resources) { r.MemoryLimit = resource.Quantity{} }, "the memory limit is missing"},
		"negative limit":   {func(r *components.Resources) { r.CPULimit = resource.MustParse("-1") }, "the cpu limit is missing"},
		"request too high": {
			func(r *components.Resources) { r.MemoryRequest = resource.MustParse("1Gi") },
			"the memory request 1Gi is over the limit 512Mi; lower it",
		},
	})
}

func TestResourcesNameEachFault(t *testing.T) {
	err := components.Resources{}.Validate()
	assert.ErrorContains(t, err, "cpu request")
	assert.ErrorContains(t, err, "memory request")
}

func TestResourcesReachTheContainer(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, workloadArgs()) })
	assert.Equal(t, map[string]any{
		"requests": map[string]any{"cpu": "100m", "memory": "256Mi"},
		"limits":   map[string]any{"cpu": "500m", "memory": "512Mi"},
	}, dig(containers(resources.pod(t, "Deployment"))["main"], "resources"))
}
