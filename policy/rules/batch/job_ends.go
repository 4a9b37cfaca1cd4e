package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var jobEnds = pack.Rule{
	Name: "job-ends", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses a Job whose containers always start again",
	Remedy:    "set restartPolicy of the pod to Never, or to OnFailure",
	Reference: jobs + "#pod-template",
	Kinds:     []string{cronJob, job},
	Object: func(o pack.Object, r *pack.Report) {
		if at := jobSpec(o).At("template", "spec", "restartPolicy"); !at.Is("Never", "OnFailure") {
			r.Violated(o, at, "is neither Never nor OnFailure")
		}
	},
}
