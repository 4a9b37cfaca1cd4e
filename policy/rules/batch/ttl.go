package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ttl = pack.Rule{
	Name: "job-has-no-ttl", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the cluster deletes the Job, the state still has it, and after the next refresh it is made and run again",
	Remedy:    "leave out ttlSecondsAfterFinished: the engine deletes the Job with the next one that takes its place",
	Reference: jobs + "#ttl-mechanism-for-finished-jobs",
	Kinds:     []string{job},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "ttlSecondsAfterFinished"); at.Set() {
			r.Violated(o, at, "has the cluster delete the Job after %d s", at.Int())
		}
	},
}
