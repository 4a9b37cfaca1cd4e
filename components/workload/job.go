package workload

import (
	"cmp"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/components/pod"
)

// replaceUnready has the provider make a failed Job again at the next run,
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
	App            object.App
	Component      string
	Pod            pod.Pod           // restart is Never unless it says OnFailure
	TimeoutSeconds int               // for all tries together
	Retries        int               // after the first try; default 3
	Triggers       map[string]string // what else, when changed, runs it again
	TriggerSecrets pulumi.StringMap  // as Triggers, of secrets
}

// NewJob registers a Job with its own ServiceAccount. It counts as made when
// it has completed, so what depends on it starts after that.
func NewJob(ctx *pulumi.Context, name string, args JobArgs, opts ...pulumi.ResourceOption) (*Job, error) {
	j := &Job{}
	return object.Register(ctx, "Job", name, j, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		identity, err := account.New(ctx, name, args.App, args.Component, account.Access{}, child)
		if err != nil {
			return nil, err
		}
		timeout := fmt.Sprintf("%ds", args.TimeoutSeconds+60)
		j.Job, err = batchv1.NewJob(ctx, name, args.job(identity), child, pulumi.DeleteBeforeReplace(true),
			pulumi.Timeouts(&pulumi.CustomTimeouts{Create: timeout, Update: timeout}))
		return nil, err
	})
}

func (a JobArgs) job(identity account.Account) *batchv1.JobArgs {
	meta := a.App.Unnamed(a.Component)
	meta.Name = pulumi.Sprintf("%s-%s", a.Component, a.revision())
	meta.Annotations = object.Annotated(meta.Annotations, replaceUnready, "true")
	a.Pod.Restart = cmp.Or(a.Pod.Restart, "Never")
	return &batchv1.JobArgs{
		Metadata: meta,
		Spec: batchv1.JobSpecArgs{
			BackoffLimit:          pulumi.Int(cmp.Or(a.Retries, 3)),
			ActiveDeadlineSeconds: pulumi.Int(a.TimeoutSeconds),
			Template:              a.Pod.Template(a.App, a.Component, identity),
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
	for _, c := range append(append([]pod.Container{}, a.Pod.Init...), a.Pod.Containers...) {
		config["container/"+c.Name] = fmt.Sprintf("%q %q %q %v %s", c.Image, c.Command, c.Args, c.Env, pod.Fingerprint(c.Resources))
	}
	return object.Revision(config, a.TriggerSecrets)
}
