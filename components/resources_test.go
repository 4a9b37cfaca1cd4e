package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"platform/components"
)

func TestResourcesFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*components.Resources)
		want   string // "" means accepted
	}{
		"valid":            {func(*components.Resources) {}, ""},
		"request is limit": {func(r *components.Resources) { r.MemoryRequest = resource.MustParse("512Mi") }, ""},
		"no CPU request":   {func(r *components.Resources) { r.CPURequest = resource.Quantity{} }, "the cpu request is missing"},
		"no memory limit":  {func(r *components.Resources) { r.MemoryLimit = resource.Quantity{} }, "the memory limit is missing"},
		"negative limit":   {func(r *components.Resources) { r.CPULimit = resource.MustParse("-1") }, "the cpu limit is missing"},
		"request too high": {
			func(r *components.Resources) { r.MemoryRequest = resource.MustParse("1Gi") },
			"the memory request 1Gi is over the limit 512Mi; lower it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			resources := someResources()
			tc.mutate(&resources)
			if tc.want == "" {
				require.NoError(t, resources.Validate())
				return
			}
			require.ErrorContains(t, resources.Validate(), tc.want)
		})
	}
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
