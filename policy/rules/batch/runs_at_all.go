package batch

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/robfig/cron/v3"

	"platform/policy/pack"
)

var runsAtAll = pack.Rule{
	Name: "cron-job-runs-in-turn", Group: pack.Batch, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "a backup that is suspended or whose day never comes is missed on the day that it is needed, and one of every minute never ends",
	Remedy:     "remove suspend, and give a schedule that comes within a year and not more than once in the rule's parameter",
	Reference:  cronJobs,
	Kinds:      []string{cronJob},
	Parameters: map[string]any{"minutes": 30.0}, // between two runs
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "suspend"); at.True() {
			r.Violated(o, at, "stops all runs")
		}
		at := o.At("spec", "schedule")
		parsed, err := cron.ParseStandard(at.Text())
		if err != nil {
			return // cron-job-schedule-is-valid judges that
		}
		first := parsed.Next(someDay)
		least := time.Duration(pack.Parameter[float64](r, "minutes") * float64(time.Minute))
		if first.IsZero() || first.Sub(someDay) > aYear {
			r.Violated(o, at, "never comes")
		} else if pause := shortest(parsed, first); pause < least {
			r.Violated(o, at, "comes again after %s", pause)
		}
	},
}

// someDay is where a year is looked through from; which one does not matter.
var someDay = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

const aYear = 366 * 24 * time.Hour

// shortest is the shortest time between two of the next runs, of which there
// are enough for each of an hour.
func shortest(of cron.Schedule, from time.Time) time.Duration {
	least := aYear * 10
	for range 60 {
		next := of.Next(from)
		least, from = min(least, next.Sub(from)), next
	}
	return least
}
