package mutation

const groupJobs = "jobs"

var (
	cronKinds = []string{"CronJob"}
	jobKinds  = []string{"Job"}
)

// What the API server refuses is no mutant: a schedule or a time zone that is not one,
// and a Job whose containers always start again.
var jobs = []Operator{
	{Group: groupJobs, Name: "concurrencyPolicy", Kinds: cronKinds, At: "spec concurrencyPolicy", Do: []Change{removed, set("Allow")}},
	{Group: groupJobs, Name: "startingDeadlineSeconds", Kinds: cronKinds, At: "spec startingDeadlineSeconds", Do: []Change{removed, set(5)}},
	{Group: groupJobs, Name: "suspend", Kinds: cronKinds, At: "spec suspend", Do: []Change{set(true)}},
	{Group: groupJobs, Name: "schedule", Kinds: cronKinds, At: "spec schedule", Do: []Change{set("* * * * *"), set("0 0 31 2 *")}},
	{Group: groupJobs, Name: "timeZone", Kinds: cronKinds, At: "spec timeZone", Do: []Change{removed}},
	{Group: groupJobs, Name: "history", Kinds: cronKinds, At: "spec failedJobsHistoryLimit|successfulJobsHistoryLimit", Do: []Change{set(1000)}},
	{Group: groupJobs, Name: "activeDeadlineSeconds", Kinds: cronKinds, At: "spec jobTemplate spec activeDeadlineSeconds", Do: []Change{removed}},
	{Group: groupJobs, Name: "activeDeadlineSeconds", Kinds: jobKinds, At: "spec activeDeadlineSeconds", Do: []Change{removed}},
	{Group: groupJobs, Name: "backoffLimit", Kinds: cronKinds, At: "spec jobTemplate spec backoffLimit", Do: []Change{removed, set(1000)}},
	{Group: groupJobs, Name: "backoffLimit", Kinds: jobKinds, At: "spec backoffLimit", Do: []Change{removed, set(1000)}},
	{Group: groupJobs, Name: "ttlSecondsAfterFinished", Kinds: jobKinds, At: "spec ttlSecondsAfterFinished", Do: []Change{set(0)}},
	{Group: groupJobs, Name: "ttlSecondsAfterFinished", Kinds: cronKinds, At: "spec jobTemplate spec ttlSecondsAfterFinished", Do: []Change{set(0)}},
}
