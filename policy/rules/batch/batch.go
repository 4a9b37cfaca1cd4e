// Package batch holds the rules about what runs once or by the clock.
package batch

import (
	"regexp"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/robfig/cron/v3"

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

// someDay is where a year is looked through from; which one does not matter.
var someDay = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

const aYear = 366 * 24 * time.Hour

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Batch, []pack.Rule{
	{
		Name: "cron-job-forbids-overlap", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a run that takes long is joined by the next one, and both work on the same data",
		Remedy:    "set concurrencyPolicy to Forbid, or to Replace where the newer run is the better one",
		Reference: cronJobs + "#concurrency-policy",
		Kinds:     []string{cronJob},
		Object: func(o pack.Object, r *pack.Report) {
			if policy := o.At("spec", "concurrencyPolicy"); !policy.Is("Forbid", "Replace") {
				r.Violated(o, policy, "lets runs overlap")
			}
		},
	},
	{
		Name: "cron-job-names-time-zone", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "the schedule is read by the clock of whichever node runs the control plane, and shifts when that one is replaced",
		Remedy:    "set timeZone, such as Etc/UTC",
		Reference: cronJobs + "#time-zones",
		Kinds:     []string{cronJob},
		Object: func(o pack.Object, r *pack.Report) {
			if zone := o.At("spec", "timeZone"); zone.Is("", "Local") {
				r.Violated(o, zone, "names no zone")
			}
		},
	},
	{
		Name: "cron-job-has-starting-deadline", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "after 100 missed runs a CronJob without a deadline never starts again; with one below 10 s it may miss every run",
		Remedy:    "set startingDeadlineSeconds to 10 or more, and to less than the time between two runs",
		Reference: cronJobs + "#starting-deadline",
		Kinds:     []string{cronJob},
		// The controller looks every 10 s.
		Parameters: map[string]any{"floor": 10.0},
		Object: func(o pack.Object, r *pack.Report) {
			switch at := o.At("spec", "startingDeadlineSeconds"); {
			case !at.Set():
				r.Violated(o, at, "is not set")
			case float64(at.Int()) < pack.Parameter[float64](r, "floor"):
				r.Violated(o, at, "is %d s, which is too short for the controller", at.Int())
			}
		},
	},
	{
		Name: "cron-job-bounds-history", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
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
	},
	{
		Name: "job-has-deadline", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a Job that hangs keeps its room for ever; the deployment waits for it, or the next run of its CronJob never comes",
		Remedy:    "set activeDeadlineSeconds to the longest that the Job may take, with all its retries",
		Reference: jobs + "#job-termination-and-cleanup",
		Kinds:     []string{cronJob, job},
		Object: func(o pack.Object, r *pack.Report) {
			if at := jobSpec(o).At("activeDeadlineSeconds"); at.Int() <= 0 {
				r.Violated(o, at, "is not set")
			}
		},
	},
	{
		Name: "job-bounds-retries", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:    "a Job that cannot succeed is tried again and again, and each try works on its data",
		Remedy:    "set backoffLimit to the number of retries that the Job carries; 0 means none",
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
	},
	{
		Name: "job-has-no-ttl", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:    "the cluster deletes the Job with its log; where the state has it, the next refresh has it made and run again",
		Remedy:    "leave out ttlSecondsAfterFinished: the engine deletes the Job with the next one that takes its place, and a CronJob those beyond its history",
		Reference: jobs + "#ttl-mechanism-for-finished-jobs",
		Kinds:     []string{cronJob, job},
		Object: func(o pack.Object, r *pack.Report) {
			if at := jobSpec(o).At("ttlSecondsAfterFinished"); at.Set() {
				r.Violated(o, at, "has the cluster delete the Job after %d s", at.Int())
			}
		},
	},
	{
		Name: "job-name-has-hash", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:     "a Job cannot be changed in place: under its old name it has to be deleted first, and its log goes with it",
		Remedy:     "end the name in a hash of what the Job runs, or leave the name to the provider",
		Reference:  "https://github.com/pulumi/pulumi-kubernetes/issues/856",
		Kinds:      []string{job},
		Parameters: map[string]any{"ending": "-[0-9a-f]{8,}$"}, // a regular expression
		Object: func(o pack.Object, r *pack.Report) {
			name := o.At("metadata", "name")
			if !name.Known() || !name.Set() {
				return // one that is not known yet is computed, and the provider adds random letters to a name that it makes
			}
			ending, err := regexp.Compile(pack.Parameter[string](r, "ending"))
			if err != nil {
				r.Violated(o, name, "is not checked, as the parameter ending is wrong: %v", err)
			} else if !ending.MatchString(name.Text()) {
				r.Violated(o, name, "is fixed, and says nothing of what the Job runs")
			}
		},
	},
	{
		Name: "cron-job-runs-in-turn", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
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
				return // the API server refuses it
			}
			first := parsed.Next(someDay)
			least := time.Duration(pack.Parameter[float64](r, "minutes") * float64(time.Minute))
			if first.IsZero() || first.Sub(someDay) > aYear {
				r.Violated(o, at, "never comes")
			} else if pause := shortest(parsed, first); pause < least {
				r.Violated(o, at, "comes again after %s", pause)
			}
		},
	},
})

// jobSpec is the specification of the Job that an object is or makes.
func jobSpec(o pack.Object) pack.Value {
	if o.Kind == cronJob {
		return o.At("spec", "jobTemplate", "spec")
	}
	return o.At("spec")
}

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
