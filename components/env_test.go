package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestEnvironmentVariables(t *testing.T) {
	args := workloadArgs()
	args.Pod.Containers[0].Env = []components.EnvVar{
		components.Literal("PLAIN", "value"),
		components.Literal("EMPTY", ""),
		components.FromSecret("PASSWORD", "backend-secrets", "KEY"),
		components.FromField("POD", "metadata.name"),
	}
	args.Pod.Containers[0].EnvFrom = []string{"backend-config"}
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	main := containers(resources.pod(t, "Deployment"))["main"]
	assert.Equal(t, []any{
		map[string]any{"name": "PLAIN", "value": "value"},
		map[string]any{"name": "EMPTY", "value": ""},
		map[string]any{"name": "PASSWORD", "valueFrom": map[string]any{
			"secretKeyRef": map[string]any{"name": "backend-secrets", "key": "KEY"},
		}},
		map[string]any{"name": "POD", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.name"}}},
	}, dig(main, "env"))
	assert.Equal(t, []any{map[string]any{"configMapRef": map[string]any{"name": "backend-config"}}}, dig(main, "envFrom"))
}
