// Package batch holds the rules about what runs once or by the clock.
package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// cronJobs is what the rules about CronJobs come from, and jobs those about Jobs.
const (
	cronJobs = "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"
	jobs     = "https://kubernetes.io/docs/concepts/workloads/controllers/job/"
)

// The kinds.
const (
	cronJob = "CronJob"
	job     = "Job"
)

// jobSpec is the specification of the Job that an object is or makes.
func jobSpec(o pack.Object) pack.Value {
	if o.Kind == cronJob {
		return o.At("spec", "jobTemplate", "spec")
	}
	return o.At("spec")
}

var overlap = pack.Rule{
	Name: "cron-job-forbids-overlap", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a run that takes long is joined by the next one, and both work on the same data",
	Remedy:    "set concurrencyPolicy to Forbid, or to Replace where the newer run is the better one",
	Reference: cronJobs + "#concurrency-policy",
	Kinds:     []string{cronJob},
	Object: func(o pack.Object, r *pack.Report) {
		if policy := o.At("spec", "concurrencyPolicy"); !policy.Is("Forbid", "Replace") {
			r.Violated(o, policy, "lets runs overlap")
		}
	},
}
