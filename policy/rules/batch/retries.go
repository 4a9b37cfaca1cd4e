package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var retries = pack.Rule{
	Name: "job-bounds-retries", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "a Job that cannot succeed is tried again and again, and each try works on its data",
	Remedy:    "set backoffLimit to the number of retries that the Job bears; 0 means none",
	Reference: jobs + "#pod-backoff-failure-policy",
	Kinds:     []string{cronJob, job},
	// The most retries.
	Parameters: map[string]any{"ceiling": 10.0},
	Object: func(o pack.Object, r *pack.Report) {
		switch at := jobSpec(o).At("backoffLimit"); {
		case !at.Set():
			r.Violated(o, at, "is not set")
		case float64(at.Int()) > pack.Parameter[float64](r, "ceiling"):
			r.Violated(o, at, "allows %d retries", at.Int())
		}
	},
}
