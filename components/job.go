package components

import (
	"errors"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeJob = "platform:components:Job" // the state remembers it: change it only with an alias

// replaceUnready has the provider make a failed Job anew at the next run,
// where it would otherwise keep waiting for the one that failed.
const replaceUnready = "pulumi.com/replaceUnready"

// Job runs one pod to completion. A change of what it runs is a new Job under
// a new name, once the old one is removed: were that one kept until the new one
// has completed, there would be no way back from one that fails, for what ran
// before would ask for a name that is taken.
type Job struct {
	pulumi.ResourceState
	Job *batchv1.Job
}

// JobArgs shapes a Job. App, Component, Pod and TimeoutSeconds have no default.
type JobArgs struct {
	App            App
	Component      string
	Pod            Pod               // restart is Never unless it says OnFailure
	TimeoutSeconds int               // for all tries together
	Retries        int               // after the first try; default 3
	Triggers       map[string]string // what else, when changed, runs it again
	TriggerSecrets pulumi.StringMap  // as Triggers, of secrets
}

// Validate returns every fault at once.
func (a JobArgs) Validate() error {
	faults := []error{required("component", a.Component), a.Pod.Validate()}
	if a.TimeoutSeconds < 1 {
		faults = append(faults, fmt.Errorf("timeoutSeconds: %d leaves no time; set 1 or more", a.TimeoutSeconds))
	}
	return errors.Join(faults...)
}

// NewJob registers a Job with its own ServiceAccount. It counts as made when
// it has completed, so what depends on it starts after that.
func NewJob(ctx *pulumi.Context, name string, args JobArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*Job, error) {
	if err := join("job", name, args.Validate()); err != nil {
		return nil, err
	}
	j := &Job{}
	if err := ctx.RegisterComponentResource(typeJob, name, j, opts...); err != nil {
		return nil, fmt.Errorf("register job %q: %w", name, err)
	}
	account, err := newAccount(ctx, name, args.App, args.Component, Access{}, pulumi.Parent(j))
	if err != nil {
		return nil, err
	}
	timeout := fmt.Sprintf("%ds", args.TimeoutSeconds+60)
	j.Job, err = batchv1.NewJob(ctx, name, args.job(account), pulumi.Parent(j), pulumi.DependsOn(after),
		pulumi.DeleteBeforeReplace(true), pulumi.Timeouts(&pulumi.CustomTimeouts{Create: timeout, Update: timeout}))
	if err != nil {
		return nil, fmt.Errorf("job %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(j, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("job %q outputs: %w", name, err)
	}
	return j, nil
}

func (a JobArgs) job(account account) *batchv1.JobArgs {
	meta := a.App.unnamed(a.Component)
	meta.Name = pulumi.Sprintf("%s-%s", a.Component, a.revision())
	meta.Annotations = annotated(meta.Annotations, replaceUnready, "true")
	a.Pod.Restart = or(a.Pod.Restart, "Never")
	return &batchv1.JobArgs{
		Metadata: meta,
		Spec: batchv1.JobSpecArgs{
			BackoffLimit:          pulumi.Int(or(a.Retries, 3)),
			ActiveDeadlineSeconds: pulumi.Int(a.TimeoutSeconds),
			Template:              a.Pod.template(a.App, a.Component, account),
		},
	}
}

// revision hashes what the Job runs: its name carries it, because a Job's
// template cannot be changed in place.
func (a JobArgs) revision() pulumi.StringOutput {
	config := map[string]string{}
	for key, value := range a.Triggers {
		config["trigger/"+key] = value
	}
	for _, c := range append(append([]Container{}, a.Pod.Init...), a.Pod.Containers...) {
		config["container/"+c.Name] = fmt.Sprintf("%q %q %q %v %s", c.Image, c.Command, c.Args, c.Env, c.Resources.fingerprint())
	}
	return Revision(config, a.TriggerSecrets)
}
