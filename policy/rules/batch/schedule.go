package batch

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/robfig/cron/v3"

	"platform/policy/pack"
)

var schedule = pack.Rule{
	Name: "cron-job-schedule-is-valid", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses the CronJob in the middle of a deployment, or it runs by the clock of the control plane",
	Remedy:    "write five fields: minute, hour, day of month, month, day of week; and the time zone into timeZone",
	Reference: cronJobs + "#schedule-syntax",
	Kinds:     []string{cronJob},
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "schedule")
		if strings.Contains(at.Text(), "TZ") {
			r.Violated(o, at, "holds a time zone, which belongs into timeZone")
		} else if _, err := cron.ParseStandard(at.Text()); err != nil {
			r.Violated(o, at, "%q is no schedule: %v", at.Text(), err)
		}
	},
}
