package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/pod"
)

func TestEnvironmentVariables(t *testing.T) {
	args := workloadArgs()
	args.Pod.Containers[0].Env = []pod.EnvVar{
		pod.Literal("PLAIN", "value"),
		pod.Literal("EMPTY", ""),
		pod.FromSecret("PASSWORD", "backend-secrets", "KEY"),
		pod.OptionalSecret("TOKEN", "token-key", "KEY"),
		pod.FromField("POD", "metadata.name"),
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
		map[string]any{"name": "TOKEN", "valueFrom": map[string]any{
			"secretKeyRef": map[string]any{"name": "token-key", "key": "KEY", "optional": true},
		}},
		map[string]any{"name": "POD", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.name"}}},
	}, dig(main, "env"))
	assert.Equal(t, []any{map[string]any{"configMapRef": map[string]any{"name": "backend-config"}}}, dig(main, "envFrom"))
}

// The names of Jobs hash these texts: another one would run each Job again.
func TestVariablesAreToldApart(t *testing.T) {
	for want, variable := range map[string]pod.EnvVar{
		`{"NAME" "value" "" "" ""}`:              pod.Literal("NAME", "value"),
		`{"NAME" "" "secret" "key" ""}`:          pod.FromSecret("NAME", "secret", "key"),
		`{"NAME" "" "secret" "key" ""} optional`: pod.OptionalSecret("NAME", "secret", "key"),
		`{"NAME" "" "" "" "path"}`:               pod.FromField("NAME", "path"),
	} {
		assert.Equal(t, want, variable.String())
	}
}

func TestJobRunsAgainForAnotherVariable(t *testing.T) {
	name := func(variable pod.EnvVar) any {
		args := jobArgs()
		args.Pod.Containers[0].Env = []pod.EnvVar{variable}
		resources := run(t, func(ctx *pulumi.Context) error { return registerJob(ctx, args) })
		return dig(resources.one(t, "Job").Inputs, "metadata", "name")
	}
	assert.NotEqual(t, name(pod.Literal("A", "1")), name(pod.Literal("A", "2")))
	assert.NotEqual(t, name(pod.FromSecret("A", "b", "c")), name(pod.OptionalSecret("A", "b", "c")))
}
