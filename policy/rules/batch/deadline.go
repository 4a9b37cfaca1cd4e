package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var deadline = pack.Rule{
	Name: "job-has-deadline", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a Job that hangs keeps its room for ever; the deployment waits for it, or the next run of its CronJob never comes",
	Remedy:    "set activeDeadlineSeconds to the longest that the Job may take, with all its retries",
	Reference: jobs + "#job-termination-and-cleanup",
	Kinds:     []string{cronJob, job},
	Object: func(o pack.Object, r *pack.Report) {
		if at := jobSpec(o).At("activeDeadlineSeconds"); at.Int() <= 0 {
			r.Violated(o, at, "is not set")
		}
	},
}
