package batch

import (
	"time"
	_ "time/tzdata" // the machine may have no database

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var zoneKnown = pack.Rule{
	Name: "cron-job-time-zone-is-known", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses a zone that it does not know, in the middle of a deployment",
	Remedy:    "name a zone of the time zone database, such as Etc/UTC",
	Reference: cronJobs + "#time-zones",
	Kinds:     []string{cronJob},
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "timeZone")
		if _, err := time.LoadLocation(at.Text()); err != nil {
			r.Violated(o, at, "is %q, which nobody knows", at.Text())
		}
	},
}
