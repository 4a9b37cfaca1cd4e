package workload

import (
	"cmp"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/object"
	"platform/components/pod"
)

// CronJobArgs shapes a CronJob, named after its component.
type CronJobArgs struct {
	App             object.App
	Component       string
	Pod             pod.Pod
	Schedule        string // five cron fields, UTC
	DeadlineSeconds int    // for all tries of one run together
	Retries         int    // after the first try
	Pods            int    // at the same time in one run; 0 means 1
}

// NewCronJob registers a CronJob that never runs twice at once. A run that was
// missed, because the control plane was down, is made up for within the hour.
func NewCronJob(ctx *pulumi.Context, name string, args CronJobArgs, opts ...pulumi.ResourceOption) error {
	identity, err := account.New(ctx, name, args.App, args.Component, account.Access{}, opts...)
	if err != nil {
		return err
	}
	args.Pod.Restart = cmp.Or(args.Pod.Restart, "Never")
	job := batchv1.JobSpecArgs{
		BackoffLimit:          pulumi.Int(args.Retries),
		ActiveDeadlineSeconds: pulumi.Int(args.DeadlineSeconds),
		Template:              args.Pod.Template(args.App, args.Component, identity),
	}
	if args.Pods > 1 {
		job.Parallelism, job.Completions = pulumi.Int(args.Pods), pulumi.Int(args.Pods)
	}
	_, err = batchv1.NewCronJob(ctx, name, &batchv1.CronJobArgs{
		Metadata: args.App.Named(args.Component, args.Component),
		Spec: batchv1.CronJobSpecArgs{
			Schedule:                   pulumi.String(args.Schedule),
			TimeZone:                   pulumi.String("Etc/UTC"),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(3600),
			SuccessfulJobsHistoryLimit: pulumi.Int(3),
			FailedJobsHistoryLimit:     pulumi.Int(3),
			JobTemplate: batchv1.JobTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: pulumi.ToStringMap(args.App.Labels(args.Component))},
				Spec:     job,
			},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("cron job %q: %w", name, err)
	}
	args.App.Made.AddCronJob(args.Component)
	return nil
}
