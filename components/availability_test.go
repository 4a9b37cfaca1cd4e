package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestAutoscalingFaults(t *testing.T) {
	type s = components.Autoscaling
	rejects(t, func() s { return *scaledArgs().Autoscaling }, map[string]fault[s]{
		"fixed by bounds": {func(a *s) { a.MaxReplicas = 3 }, ""},
		"memory alone":    {func(a *s) { a.CPUPercent = 0 }, ""},
		"from nothing":    {func(a *s) { a.MinReplicas = 0 }, "autoscaling: minReplicas 0 would run nothing"},
		"backwards":       {func(a *s) { a.MaxReplicas = 2 }, "autoscaling: minReplicas 3 is over maxReplicas 2"},
		"driven by none":  {func(a *s) { a.CPUPercent, a.MemoryPercent = 0, 0 }, "neither cpuPercent nor memoryPercent is set"},
		"negative CPU":    {func(a *s) { a.CPUPercent = -1 }, "autoscaling: cpuPercent -1,"},
		"negative memory": {func(a *s) { a.MemoryPercent = -1 }, "memoryPercent -1: none can be below 0"},
	})
}

// An update must not take back what the autoscaler has set.
func TestAutoscalerOwnsTheReplicas(t *testing.T) {
	resources := deployed(t, 5, &components.Autoscaling{Name: "api-hpa", MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70})
	deployment := resources.one(t, "Deployment")
	assert.Equal(t, 3.0, dig(deployment.Inputs, "spec", "replicas"), "one that is left out is taken for 1")
	assert.Equal(t, []string{"spec.replicas"}, deployment.Ignored)
	autoscaler := resources.one(t, "HorizontalPodAutoscaler").Inputs
	assert.Equal(t, "api-hpa", dig(autoscaler, "metadata", "name"))
	assert.Equal(t, map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}, dig(autoscaler, "spec", "scaleTargetRef"))
	assert.Equal(t, dig(resources.one(t, "Deployment").Inputs, "metadata", "name"), dig(autoscaler, "spec", "scaleTargetRef", "name"))
	assert.Equal(t, 3.0, dig(autoscaler, "spec", "minReplicas"))
	assert.Equal(t, 10.0, dig(autoscaler, "spec", "maxReplicas"))
	require.Len(t, dig(autoscaler, "spec", "metrics"), 1, "memory was not asked for")
	assert.Equal(t, "cpu", dig(autoscaler, "spec", "metrics", 0, "resource", "name"))
}

// What applies rendered manifests takes a field that it has for its own.
func TestRenderedReplicasAreTheAutoscalers(t *testing.T) {
	resources := deployed(t, 5, &components.Autoscaling{MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70, Rendered: true})
	assert.NotContains(t, resources.one(t, "Deployment").Inputs["spec"], "replicas")
}

func TestPodsThatAreLeftStay(t *testing.T) {
	args := workloadArgs()
	args.Replicas, args.Left = 3, 4
	deployment := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Deployment")
	assert.Equal(t, 4.0, dig(deployment.Inputs, "spec", "replicas"))
	assert.Equal(t, "4 in the place of 3", dig(deployment.Inputs, "metadata", "annotations", components.LeftAnnotation))
	assert.Empty(t, deployment.Ignored)
}

func TestLeft(t *testing.T) {
	left := components.Left{Pods: 4, Asked: 3}
	assert.Equal(t, left, components.ParseLeft(left.String()))
	for _, other := range []string{"", "4", "4 of 3", "many in the place of few"} {
		assert.Zero(t, components.ParseLeft(other), other)
	}
}

func TestNoAutoscalerUnlessAskedFor(t *testing.T) {
	assert.Empty(t, deployed(t, 2, nil).of("HorizontalPodAutoscaler"))
}

func TestAutoscalerMayBeNamedByPulumi(t *testing.T) {
	resources := deployed(t, 0, &components.Autoscaling{MinReplicas: 1, MaxReplicas: 2, MemoryPercent: 80})
	assert.Nil(t, dig(resources.one(t, "HorizontalPodAutoscaler").Inputs, "metadata", "name"))
}

func TestDisruptionBudget(t *testing.T) {
	scaling := func(least int) *components.Autoscaling {
		return &components.Autoscaling{MinReplicas: least, MaxReplicas: 5, CPUPercent: 70}
	}
	for name, tc := range map[string]struct {
		replicas int
		scaling  *components.Autoscaling
		want     int
	}{
		"one pod would never let its node go":         {1, nil, 0},
		"two pods":                                    {2, nil, 1},
		"scaled from one, which may be the only one":  {2, scaling(1), 0},
		"scaled from two, whatever the replicas were": {1, scaling(2), 1},
	} {
		t.Run(name, func(t *testing.T) {
			budgets := deployed(t, tc.replicas, tc.scaling).of("PodDisruptionBudget")
			require.Len(t, budgets, tc.want)
			for _, budget := range budgets {
				assert.Equal(t, 1.0, dig(budget.Inputs, "spec", "minAvailable"))
				assert.Equal(t, "AlwaysAllow", dig(budget.Inputs, "spec", "unhealthyPodEvictionPolicy"))
				assert.Nil(t, dig(budget.Inputs, "spec", "maxUnavailable"))
			}
		})
	}
}
