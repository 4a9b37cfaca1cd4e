package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestResourcesReachTheContainer(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, workloadArgs()) })
	assert.Equal(t, map[string]any{
		"requests": map[string]any{"cpu": "100m", "memory": "256Mi"},
		"limits":   map[string]any{"cpu": "500m", "memory": "512Mi"},
	}, dig(containers(resources.pod(t, "Deployment"))["main"], "resources"))
}
