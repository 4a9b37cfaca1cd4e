package batch

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var timeZone = pack.Rule{
	Name: "cron-job-names-time-zone", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "the schedule is read by the clock of whichever node runs the control plane, and shifts when that one is replaced",
	Remedy:    "set timeZone, such as Etc/UTC",
	Reference: cronJobs + "#time-zones",
	Kinds:     []string{cronJob},
	Object: func(o pack.Object, r *pack.Report) {
		if zone := o.At("spec", "timeZone"); zone.Is("", "Local") {
			r.Violated(o, zone, "names no zone")
		}
	},
}
