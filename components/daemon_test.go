package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/workload"
)

var registerDaemon = registers("agent", workload.NewDaemon)

// A second pod on a node would wait for the ports of the first.
func TestDaemonIsUpdatedOneNodeAtATime(t *testing.T) {
	daemon := run(t, func(ctx *pulumi.Context) error { return registerDaemon(ctx, daemonArgs()) }).one(t, "DaemonSet")
	assert.Equal(t, "agent", dig(daemon.Inputs, "metadata", "name"), "kubectl users know it by this name")
	assert.Equal(t, map[string]any{
		"type": "RollingUpdate", "rollingUpdate": map[string]any{"maxUnavailable": 1.0, "maxSurge": 0.0},
	}, dig(daemon.Inputs, "spec", "updateStrategy"))
	assert.Equal(t, "10m", daemon.CreateTimeout)
	assert.Equal(t, dig(daemon.Inputs, "metadata", "labels"), dig(daemon.Inputs, "spec", "template", "metadata", "labels"))
}

func TestDaemonIsProtected(t *testing.T) {
	for _, protect := range []bool{false, true} {
		args := daemonArgs()
		args.Protect = protect
		daemon := run(t, func(ctx *pulumi.Context) error { return registerDaemon(ctx, args) }).one(t, "DaemonSet")
		assert.Equal(t, protect, daemon.Protect)
		assert.Equal(t, protect, daemon.RetainOnDelete)
	}
}

func TestDaemonWaits(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		job, err := workload.NewJob(ctx, "task", jobArgs())
		if err != nil {
			return err
		}
		_, err = workload.NewDaemon(ctx, "agent", daemonArgs(), pulumi.DependsOn([]pulumi.Resource{job.Job}))
		return err
	})
	assert.True(t, dependsOn(resources.one(t, "DaemonSet"), "Job", "task"))
}
