package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var startingDeadline = pack.Rule{
	Name: "cron-job-has-starting-deadline", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "after 100 missed runs a CronJob without a deadline never starts again; with one below 10 s it may miss every run",
	Remedy:    "set startingDeadlineSeconds to 10 or more, and to less than the time between two runs",
	Reference: cronJobs + "#starting-deadline",
	Kinds:     []string{cronJob},
	// The controller looks every 10 s.
	Parameters: map[string]any{"floor": 10.0},
	Object: func(o pack.Object, r *pack.Report) {
		switch at := o.At("spec", "startingDeadlineSeconds"); {
		case !at.Set():
			r.Violated(o, at, "is not set")
		case float64(at.Int()) < pack.Parameter[float64](r, "floor"):
			r.Violated(o, at, "is %d s, which is too short for the controller", at.Int())
		}
	},
}
