package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestWorkloadFaults(t *testing.T) {
	type w = components.WorkloadArgs
	refuses(t, workloadArgs, registerWorkload, map[string]fault[w]{
		"no component": {func(a *w) { a.Component = "" }, `workload "api": component: is missing`},
		"no replicas":  {func(a *w) { a.Replicas = 0 }, "replicas: 0 would run nothing"},
		"autoscaled, without replicas": {func(a *w) {
			a.Replicas, a.Autoscaling = 0, &components.Autoscaling{MinReplicas: 1, MaxReplicas: 2, CPUPercent: 70}
		}, ""},
		"bad autoscaling": {func(a *w) { a.Autoscaling = &components.Autoscaling{} }, "autoscaling: minReplicas 0"},
		"bad pod":         {func(a *w) { a.Pod.User = 0 }, "user: 0 is root"},
		"service without port": {
			func(a *w) { a.Pod.Containers[0].Ports[0].Service = 0 }, `service: "api-service" leads to no port`,
		},
		"service without container": {func(a *w) { a.Pod.Containers = nil }, `service: "api-service" leads to no port`},
		"no service":                {func(a *w) { a.Service = "" }, ""},
		"two pods, one volume":      {func(a *w) { a.Recreate, a.Replicas = true, 2 }, "recreate: a volume for one pod"},
		"one volume, autoscaled": {func(a *w) {
			a.Recreate, a.Autoscaling = true, &components.Autoscaling{MinReplicas: 1, MaxReplicas: 2, CPUPercent: 70}
		}, "recreate: a volume for one pod"},
		"bad access":          {func(a *w) { a.Access.Cluster = []components.Rule{rule()} }, "access: has rules and no name"},
		"switched off":        {func(a *w) { a.Off = true }, ""},
		"one pod, one volume": {func(a *w) { a.Recreate = true }, ""},
	})
}

func TestWorkloadJoinsFaults(t *testing.T) {
	err := components.WorkloadArgs{}.Validate()
	for _, want := range []string{"component:", "containers:", "user:", "replicas:"} {
		assert.ErrorContains(t, err, want)
	}
}

// deployed is the workload of the fixtures with these numbers of replicas.
func deployed(t *testing.T, replicas int, scaling *components.Autoscaling) record {
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
		scaling  *components.Autoscaling
		want     any
	}{
		"one pod, its successor first":         {1, nil, rolling(1, 0)},
		"several pods, without a surge":        {2, nil, rolling(0, 1)},
		"scaled from one, its successor first": {0, &components.Autoscaling{MinReplicas: 1, MaxReplicas: 9, CPUPercent: 70}, rolling(1, 0)},
		"scaled from three, without a surge":   {0, &components.Autoscaling{MinReplicas: 3, MaxReplicas: 9, CPUPercent: 70}, rolling(0, 1)},
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
	deployment := deployed(t, 2, nil).one(t, "Deployment")
	assert.Equal(t, "api", dig(deployment.Inputs, "metadata", "name"), "kubectl users and the autoscaler know it by this name")
	assert.Equal(t, 2.0, dig(deployment.Inputs, "spec", "replicas"))
	assert.Equal(t, dig(deployment.Inputs, "metadata", "labels"), dig(deployment.Inputs, "spec", "template", "metadata", "labels"))
	assert.Equal(t, "10m", deployment.CreateTimeout)
}

// What a Deployment waits for must not hold back the Service in front of it.
func TestOnlyTheDeploymentWaits(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		job, err := components.NewJob(ctx, "task", jobArgs(), nil)
		if err != nil {
			return err
		}
		_, err = components.NewWorkload(ctx, "api", workloadArgs(), []pulumi.Resource{job.Job})
		return err
	})
	assert.True(t, dependsOn(resources.one(t, "Deployment"), "Job", "task"))
	assert.False(t, dependsOn(resources.one(t, "Service"), "Job", "task"))
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
	args.Off, args.Autoscaling = true, &components.Autoscaling{MinReplicas: 1, MaxReplicas: 2, CPUPercent: 70}
	resources := run(t, func(ctx *pulumi.Context) error { return registerWorkload(ctx, args) })
	assert.Equal(t, 0.0, dig(resources.one(t, "Deployment").Inputs, "spec", "replicas"))
}
