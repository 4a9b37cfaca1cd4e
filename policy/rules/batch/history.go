package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var history = pack.Rule{
	Name: "cron-job-bounds-history", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "runs that are kept count against the quota of the namespace, and without a failed one nobody can tell why it failed",
	Remedy:    "set successfulJobsHistoryLimit, and failedJobsHistoryLimit to at least 1",
	Reference: cronJobs + "#jobs-history-limits",
	Kinds:     []string{cronJob},
	// The most runs to keep of either kind.
	Parameters: map[string]any{"ceiling": 10.0},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, []string{"successfulJobsHistoryLimit", "failedJobsHistoryLimit"}, func(key string) {
			switch at := o.At("spec", key); {
			case !at.Set():
				r.Violated(o, at, "is not set")
			case float64(at.Int()) > pack.Parameter[float64](r, "ceiling"):
				r.Violated(o, at, "keeps %d runs", at.Int())
			case key == "failedJobsHistoryLimit" && at.Int() == 0:
				r.Violated(o, at, "keeps no run that failed")
			}
		})
	},
}
