package components

import (
	"cmp"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// cronJobArgs shapes a CronJob, named after its component.
type cronJobArgs struct {
	app             App
	component       string
	pod             Pod
	schedule        string // five cron fields, UTC
	deadlineSeconds int    // for all tries of one run together
	retries         int    // after the first try
	pods            int    // at the same time in one run; 0 means 1
}

// newCronJob registers a CronJob that never runs twice at once. A run that was
// missed, because the control plane was down, is made up for within the hour.
func newCronJob(ctx *pulumi.Context, name string, args cronJobArgs, opts ...pulumi.ResourceOption) error {
	account, err := newAccount(ctx, name, args.app, args.component, Access{}, opts...)
	if err != nil {
		return err
	}
	args.pod.Restart = cmp.Or(args.pod.Restart, "Never")
	job := batchv1.JobSpecArgs{
		BackoffLimit:          pulumi.Int(args.retries),
		ActiveDeadlineSeconds: pulumi.Int(args.deadlineSeconds),
		Template:              args.pod.template(args.app, args.component, account),
	}
	if args.pods > 1 {
		job.Parallelism, job.Completions = pulumi.Int(args.pods), pulumi.Int(args.pods)
	}
	_, err = batchv1.NewCronJob(ctx, name, &batchv1.CronJobArgs{
		Metadata: args.app.named(args.component, args.component),
		Spec: batchv1.CronJobSpecArgs{
			Schedule:                   pulumi.String(args.schedule),
			TimeZone:                   pulumi.String("Etc/UTC"),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(3600),
			SuccessfulJobsHistoryLimit: pulumi.Int(3),
			FailedJobsHistoryLimit:     pulumi.Int(3),
			JobTemplate: batchv1.JobTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: pulumi.ToStringMap(args.app.Labels(args.component))},
				Spec:     job,
			},
		},
	}, opts...)
	if err != nil {
		return fmt.Errorf("cron job %q: %w", name, err)
	}
	args.app.Made.cronJob(args.component)
	return nil
}
