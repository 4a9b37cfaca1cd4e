package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/pod"
)

func TestProbeAsks(t *testing.T) {
	for name, tc := range map[string]struct {
		probe pod.Probe
		want  map[string]any
	}{
		"over HTTP": {
			pod.Probe{Port: "http", Path: "/health", PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
			map[string]any{
				"httpGet":       map[string]any{"path": "/health", "port": "http"},
				"periodSeconds": 20.0, "timeoutSeconds": 5.0, "failureThreshold": 6.0,
			},
		},
		"by a command, as often as by default": {
			pod.Probe{Command: []string{"true"}},
			map[string]any{
				"exec":          map[string]any{"command": []any{"true"}},
				"periodSeconds": 10.0, "timeoutSeconds": 3.0, "failureThreshold": 3.0,
			},
		},
		"by a connection": {
			pod.Probe{Port: "http"},
			map[string]any{
				"tcpSocket":     map[string]any{"port": "http"},
				"periodSeconds": 10.0, "timeoutSeconds": 3.0, "failureThreshold": 3.0,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := workloadArgs()
			args.Pod.Containers[0].Probes = pod.Probes{Liveness: &tc.probe}
			resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
			main := containers(resources.pod(t, "Deployment"))["main"]
			assert.Equal(t, tc.want, dig(main, "livenessProbe"))
			assert.Nil(t, dig(main, "startupProbe"))
			assert.Nil(t, dig(main, "readinessProbe"))
		})
	}
}

// A pod without readiness counts as serving before it does; one without
// liveness is never restarted. Sidecars and short-lived pods need less.
func TestEveryServerIsProbed(t *testing.T) {
	forEverything(t, func(t *testing.T, resources record) {
		for _, kind := range []string{"Deployment", "StatefulSet"} {
			for _, r := range resources.of(kind) {
				if r.Name == "api" {
					continue // the bare workload of the fixtures
				}
				main := dig(resources.pod(t, kind, r.Name), "spec", "containers", 0)
				for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
					assert.NotNil(t, dig(main, probe), "%s of %s", probe, r.Name)
				}
			}
		}
	})
}
