package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ttl = pack.Rule{
	Name: "job-has-no-ttl", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the cluster deletes the Job with its log; where the state has it, the next refresh has it made and run again",
	Remedy:    "leave out ttlSecondsAfterFinished: the engine deletes the Job with the next one that takes its place, and a CronJob those beyond its history",
	Reference: jobs + "#ttl-mechanism-for-finished-jobs",
	Kinds:     []string{cronJob, job},
	Object: func(o pack.Object, r *pack.Report) {
		if at := jobSpec(o).At("ttlSecondsAfterFinished"); at.Set() {
			r.Violated(o, at, "has the cluster delete the Job after %d s", at.Int())
		}
	},
}
