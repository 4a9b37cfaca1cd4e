package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

func TestJob(t *testing.T) {
	job := run(t, func(ctx *pulumi.Context) error { return registerJob(ctx, jobArgs()) }).one(t, "Job")
	assert.Equal(t, 600.0, dig(job.Inputs, "spec", "activeDeadlineSeconds"))
	assert.Equal(t, 3.0, dig(job.Inputs, "spec", "backoffLimit"))
	assert.Equal(t, "Never", dig(job.Inputs, "spec", "template", "spec", "restartPolicy"))
	assert.Equal(t, "660s", job.CreateTimeout, "the engine waits longer than the Job may take, and so sees why it failed")
	assert.Equal(t, "true", dig(job.Inputs, "metadata", "annotations", "pulumi.com/replaceUnready"), "a failed Job is made again")
}

func TestJobSettings(t *testing.T) {
	args := jobArgs()
	args.Retries, args.Pod.Restart = 1, "OnFailure"
	job := run(t, func(ctx *pulumi.Context) error { return registerJob(ctx, args) }).one(t, "Job")
	assert.Equal(t, 1.0, dig(job.Inputs, "spec", "backoffLimit"))
	assert.Equal(t, "OnFailure", dig(job.Inputs, "spec", "template", "spec", "restartPolicy"))
}

// A Job's name changes with what it runs, as a Job cannot be changed itself.
func TestJobNameFollowsWhatItRuns(t *testing.T) {
	type j = workload.JobArgs
	name := func(mutate func(*j)) any {
		args := jobArgs()
		mutate(&args)
		return dig(run(t, func(ctx *pulumi.Context) error { return registerJob(ctx, args) }).one(t, "Job").Inputs, "metadata", "name")
	}
	before := name(func(*j) {})
	assert.Equal(t, before, name(func(*j) {}))
	first := func(a *j) *pod.Container { return &a.Pod.Containers[0] }
	seen := map[any]string{before: "before"}
	for what, mutate := range map[string]func(*j){
		"image":     func(a *j) { first(a).Image = "redis:7.4-alpine" },
		"command":   func(a *j) { first(a).Command = []string{"alembic upgrade", "head"} },
		"arguments": func(a *j) { first(a).Command, first(a).Args = []string{"alembic"}, []string{"upgrade", "head"} },
		"memory":    func(a *j) { first(a).Resources = config.NewResources("100m", "256Mi", "500m", "513Mi") },
		"variable":  func(a *j) { first(a).Env = []pod.EnvVar{pod.Literal("A", "b c")} },
		"moved":     func(a *j) { first(a).Env = []pod.EnvVar{pod.Literal("A b", "c")} },
		"secret":    func(a *j) { first(a).Env = []pod.EnvVar{pod.FromSecret("A", "b", "c")} },
		"other key": func(a *j) { first(a).Env = []pod.EnvVar{pod.FromSecret("A", "b", "d")} },
		"two": func(a *j) {
			first(a).Env = []pod.EnvVar{pod.Literal("A", "b"), pod.Literal("c", "")}
		},
		"one":      func(a *j) { first(a).Env = []pod.EnvVar{pod.Literal("A", "b    } {c")} },
		"trigger":  func(a *j) { a.Triggers = map[string]string{"host": "db"} },
		"password": func(a *j) { a.TriggerSecrets = pulumi.StringMap{"host": pulumi.String("db")} },
	} {
		got := name(mutate)
		assert.Empty(t, seen[got], "%s has the name of this", what)
		seen[got] = what
	}
	assert.Equal(t, before, name(func(a *j) { a.TimeoutSeconds = 900 }), "more time runs nothing again")
}

func TestJobComesAfter(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		first, err := workload.NewJob(ctx, "first", jobArgs())
		if err != nil {
			return err
		}
		_, err = workload.NewJob(ctx, "second", jobArgs(), pulumi.DependsOn([]pulumi.Resource{first.Job}))
		return err
	})
	assert.True(t, dependsOn(resources.one(t, "Job", "second"), "Job", "first"))
	assert.False(t, dependsOn(resources.one(t, "Job", "first"), "Job", "second"))
}
