package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/workload"
	"platform/config"
)

// An update must not take back what the autoscaler has set.
func TestAutoscalerOwnsTheReplicas(t *testing.T) {
	resources := deployed(t, 5, config.Autoscaling{Enabled: true, MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70})
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
	args := workloadArgs()
	args.Rendered, args.Autoscaling = true, config.Autoscaling{Enabled: true, MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70}
	deployment := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Deployment")
	assert.NotContains(t, deployment.Inputs["spec"], "replicas")
}

func TestPodsThatAreLeftStay(t *testing.T) {
	args := workloadArgs()
	args.Replicas, args.Left = 3, 4
	deployment := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) }).one(t, "Deployment")
	assert.Equal(t, 4.0, dig(deployment.Inputs, "spec", "replicas"))
	assert.Equal(t, "4 in the place of 3", dig(deployment.Inputs, "metadata", "annotations", workload.LeftAnnotation))
	assert.Empty(t, deployment.Ignored)
}

func TestLeft(t *testing.T) {
	left := workload.Left{Pods: 4, Asked: 3}
	assert.Equal(t, left, workload.ParseLeft(left.String()))
	for _, other := range []string{"", "4", "4 of 3", "many in the place of few"} {
		assert.Zero(t, workload.ParseLeft(other), other)
	}
}

func TestNoAutoscalerUnlessAskedFor(t *testing.T) {
	assert.Empty(t, deployed(t, 2, config.Autoscaling{}).of("HorizontalPodAutoscaler"))
}

func TestDisruptionBudget(t *testing.T) {
	scaling, none := func(least int) config.Autoscaling {
		return config.Autoscaling{Enabled: true, MinReplicas: least, MaxReplicas: 5, CPUPercent: 70}
	}, config.Autoscaling{}
	for name, tc := range map[string]struct {
		replicas int
		scaling  config.Autoscaling
		want     int
	}{
		"one pod would never let its node go":         {1, none, 0},
		"two pods":                                    {2, none, 1},
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
