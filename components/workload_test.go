package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/workload"
	"platform/config"
)

// deployed is the workload of the fixtures with these numbers of replicas.
func deployed(t *testing.T, replicas int, scaling config.Autoscaling) record {
	t.Helper()
	args := workloadArgs()
	args.Replicas, args.Autoscaling = replicas, scaling
	return run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
}

func TestRollout(t *testing.T) {
	rolling := func(surge, unavailable float64) any {
		return map[string]any{
			"type":          "RollingUpdate",
			"rollingUpdate": map[string]any{"maxSurge": surge, "maxUnavailable": unavailable},
		}
	}
	for name, tc := range map[string]struct {
		replicas int
		scaling  config.Autoscaling
		want     any
	}{
		"one pod, its successor first":         {1, config.Autoscaling{}, rolling(1, 0)},
		"several pods, without a surge":        {2, config.Autoscaling{}, rolling(0, 1)},
		"scaled from one, its successor first": {0, config.Autoscaling{Enabled: true, MinReplicas: 1, MaxReplicas: 9, CPUPercent: 70}, rolling(1, 0)},
		"scaled from three, without a surge":   {0, config.Autoscaling{Enabled: true, MinReplicas: 3, MaxReplicas: 9, CPUPercent: 70}, rolling(0, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, dig(deployed(t, tc.replicas, tc.scaling).one(t, "Deployment").Inputs, "spec", "strategy"))
		})
	}
}

func TestOneVolumeIsGivenUpFirst(t *testing.T) {
	args := workloadArgs()
	args.Recreate = true
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	strategy := dig(resources.one(t, "Deployment").Inputs, "spec", "strategy")
	assert.Equal(t, map[string]any{"type": "Recreate"}, strategy)
}

func TestDeploymentIsKnownByItsComponent(t *testing.T) {
	deployment := deployed(t, 2, config.Autoscaling{}).one(t, "Deployment")
	assert.Equal(t, "api", dig(deployment.Inputs, "metadata", "name"), "kubectl users and the autoscaler know it by this name")
	assert.Equal(t, 2.0, dig(deployment.Inputs, "spec", "replicas"))
	assert.Equal(t, dig(deployment.Inputs, "metadata", "labels"), dig(deployment.Inputs, "spec", "template", "metadata", "labels"))
	assert.Equal(t, "10m", deployment.CreateTimeout)
}

// The option says of a component what it says of any resource.
func TestChildrenWaitForWhatTheirComponentDependsOn(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		job, err := workload.NewJob(ctx, "task", jobArgs())
		if err != nil {
			return err
		}
		_, err = workload.New(ctx, "api", workloadArgs(), pulumi.DependsOn([]pulumi.Resource{job.Job}))
		return err
	})
	for _, kind := range []string{"Deployment", "Service"} {
		assert.True(t, dependsOn(resources.one(t, kind), "Job", "task"), kind)
	}
	assert.True(t, dependsOn(resources.one(t, "ServiceAccount", "api"), "Job", "task"))
}

// What is switched off is there to be switched on again.
func TestOffKeepsAllButThePods(t *testing.T) {
	args := workloadArgs()
	args.Replicas = 2
	on := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	args.Off = true
	off := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	assert.Equal(t, 0.0, dig(off.one(t, "Deployment").Inputs, "spec", "replicas"))
	assert.Equal(t, on.names(), off.names())
	assert.Equal(t, on.pod(t, "Deployment"), off.pod(t, "Deployment"))
}

// An autoscaler leaves a Deployment of no replicas alone.
func TestOffRulesOverTheAutoscaler(t *testing.T) {
	args := workloadArgs()
	args.Off, args.Autoscaling = true, config.Autoscaling{Enabled: true, MinReplicas: 1, MaxReplicas: 2, CPUPercent: 70}
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	assert.Equal(t, 0.0, dig(resources.one(t, "Deployment").Inputs, "spec", "replicas"))
}
