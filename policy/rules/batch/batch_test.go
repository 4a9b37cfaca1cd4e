package batch

import (
	"testing"

	"platform/tests/packtest"
)

func TestContentHash(t *testing.T) {
	of := func(name string, want ...string) packtest.Case {
		return packtest.Case{Objects: "{apiVersion: batch/v1, kind: Job, metadata: {" + name + "}}", Want: want}
	}
	packtest.Run(t, packtest.Named(Rules, "job-name-has-hash"), map[string]packtest.Case{
		"a hash":          of("name: migrate-713e2a5f3b57c610"),
		"the provider's":  of("name: migrate-1a2b3c4d"),
		"none":            of("name: migrate", "Job/migrate: metadata.name"),
		"a short one":     of("name: migrate-713e2a5", "Job/migrate-713e2a5: metadata.name"),
		"within":          of("name: migrate-713e2a5f3b57c610-now", "Job/migrate-713e2a5f3b57c610-now: metadata.name"),
		"letters":         of("name: migrate-database", "Job/migrate-database: metadata.name"),
		"absent":          of("namespace: core"),
		"wrong type":      of("name: 1", "Job/1: metadata.name"),
		"not known":       of("name: <unknown>"),
		"of a CronJob":    rightly("suspend: false"),
		"parameters":      {Objects: of("name: migrate-v2").Objects, Parameters: map[string]any{"ending": "-v[0-9]+$"}},
		"wrong parameter": {Objects: of("name: migrate-v2").Objects, Want: []string{"Job/migrate-v2: metadata.name"}, Parameters: map[string]any{"ending": "("}},
	})
}

func TestDeadline(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "job-has-deadline"), map[string]packtest.Case{
		"of runs":        rightly("jobTemplate: {spec: {activeDeadlineSeconds: 60}}"),
		"runs without":   wrongly("jobTemplate: {spec: {backoffLimit: 1}}", "jobTemplate.spec.activeDeadlineSeconds"),
		"of the CronJob": wrongly("activeDeadlineSeconds: 60", "jobTemplate.spec.activeDeadlineSeconds"),
		"a second":       aJob("activeDeadlineSeconds: 1"),
		"of a Job":       aJob("activeDeadlineSeconds: 60"),
		"absent":         aJob("backoffLimit: 1", "Job/migrate: spec.activeDeadlineSeconds"),
		"nothing":        aJob("activeDeadlineSeconds: 0", "Job/migrate: spec.activeDeadlineSeconds"),
		"wrong type":     aJob("activeDeadlineSeconds: long", "Job/migrate: spec.activeDeadlineSeconds"),
		"not known":      undecided("jobTemplate: {spec: {activeDeadlineSeconds: <unknown>}}", "jobTemplate.spec.activeDeadlineSeconds"),
	})
}

// wrongly is the case of a CronJob that breaks the rule at these paths, and
// rightly of one that does not.
func wrongly(spec string, paths ...string) packtest.Case {
	c := rightly(spec)
	for _, path := range paths {
		c.Want = append(c.Want, "CronJob/dump: spec."+path)
	}
	return c
}

func rightly(spec string) packtest.Case {
	return packtest.Case{Objects: "{apiVersion: batch/v1, kind: CronJob, metadata: {name: dump}, spec: {" + spec + "}}"}
}

func undecided(spec, path string) packtest.Case {
	c := rightly(spec)
	c.Undecided = []string{"CronJob/dump: spec." + path}
	return c
}

// aJob is one of this specification.
func aJob(spec string, want ...string) packtest.Case {
	return packtest.Case{Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {" + spec + "}}", Want: want}
}

func TestHistory(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "cron-job-bounds-history"), map[string]packtest.Case{
		"both":                rightly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3"),
		"none that succeeded": rightly("successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 1"),
		"none that failed":    wrongly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 0", "failedJobsHistoryLimit"),
		"the most":            rightly("successfulJobsHistoryLimit: 10, failedJobsHistoryLimit: 10"),
		"more":                wrongly("successfulJobsHistoryLimit: 11, failedJobsHistoryLimit: 11", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
		"one":                 wrongly("successfulJobsHistoryLimit: 3", "failedJobsHistoryLimit"),
		"absent":              wrongly("suspend: false", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
		"wrong type":          wrongly("successfulJobsHistoryLimit: '3', failedJobsHistoryLimit: 3", "successfulJobsHistoryLimit"),
		"not known":           undecided("successfulJobsHistoryLimit: <unknown>, failedJobsHistoryLimit: 3", "successfulJobsHistoryLimit"),
		"parameters":          {Objects: rightly("successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 2").Objects, Want: []string{"CronJob/dump: spec.successfulJobsHistoryLimit"}, Parameters: map[string]any{"ceiling": 2.0}},
	})
}

func TestOverlap(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "cron-job-forbids-overlap"), map[string]packtest.Case{
		"Forbid":     rightly("concurrencyPolicy: Forbid"),
		"Replace":    rightly("concurrencyPolicy: Replace"),
		"Allow":      wrongly("concurrencyPolicy: Allow", "concurrencyPolicy"),
		"absent":     wrongly("suspend: false", "concurrencyPolicy"),
		"wrong type": wrongly("concurrencyPolicy: true", "concurrencyPolicy"),
		"not known":  undecided("concurrencyPolicy: <unknown>", "concurrencyPolicy"),
		"a Job":      aJob("backoffLimit: 1"),
	})
}

func TestRetries(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "job-bounds-retries"), map[string]packtest.Case{
		"of runs":      rightly("jobTemplate: {spec: {backoffLimit: 2}}"),
		"runs without": wrongly("jobTemplate: {spec: {activeDeadlineSeconds: 1}}", "jobTemplate.spec.backoffLimit"),
		"none":         aJob("backoffLimit: 0"),
		"the most":     aJob("backoffLimit: 10"),
		"more":         aJob("backoffLimit: 11", "Job/migrate: spec.backoffLimit"),
		"absent":       aJob("activeDeadlineSeconds: 1", "Job/migrate: spec.backoffLimit"),
		"wrong type":   aJob("backoffLimit: few", "Job/migrate: spec.backoffLimit"),
		"not known":    undecided("jobTemplate: {spec: {backoffLimit: <unknown>}}", "jobTemplate.spec.backoffLimit"),
		"parameters":   {Objects: aJob("backoffLimit: 3").Objects, Want: []string{"Job/migrate: spec.backoffLimit"}, Parameters: map[string]any{"ceiling": 2.0}},
	})
}

func TestRunsAtAll(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "cron-job-runs-in-turn"), map[string]packtest.Case{
		"daily":        rightly("schedule: 0 3 * * *"),
		"hourly":       rightly("schedule: 0 * * * *, suspend: false"),
		"every minute": wrongly("schedule: '* * * * *'", "schedule"),
		"twice":        wrongly("schedule: '0,20 * * * *'", "schedule"),
		"never":        wrongly("schedule: 0 0 31 2 *", "schedule"),
		"no schedule":  rightly("schedule: never"),
		"absent":       rightly("concurrencyPolicy: Forbid"),
		"suspended":    wrongly("schedule: 0 3 * * *, suspend: true", "suspend"),
		"wrong type":   wrongly("schedule: 3", "schedule"),
		"not known":    undecided("schedule: <unknown>", "schedule"),
	})
}

func TestStartingDeadline(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "cron-job-has-starting-deadline"), map[string]packtest.Case{
		"an hour":      rightly("startingDeadlineSeconds: 3600"),
		"the shortest": rightly("startingDeadlineSeconds: 10"),
		"shorter":      wrongly("startingDeadlineSeconds: 9", "startingDeadlineSeconds"),
		"absent":       wrongly("suspend: false", "startingDeadlineSeconds"),
		"wrong type":   wrongly("startingDeadlineSeconds: '3600'", "startingDeadlineSeconds"),
		"not known":    undecided("startingDeadlineSeconds: <unknown>", "startingDeadlineSeconds"),
		"parameters":   {Objects: rightly("startingDeadlineSeconds: 59").Objects, Want: []string{"CronJob/dump: spec.startingDeadlineSeconds"}, Parameters: map[string]any{"floor": 60.0}},
	})
}

func TestTimeZone(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "cron-job-names-time-zone"), map[string]packtest.Case{
		"UTC":            rightly("timeZone: Etc/UTC"),
		"of a place":     rightly("timeZone: Europe/Zurich"),
		"of the machine": wrongly("timeZone: Local", "timeZone"),
		"empty":          wrongly("timeZone: ''", "timeZone"),
		"absent":         wrongly("suspend: false", "timeZone"),
		"wrong type":     wrongly("timeZone: 1", "timeZone"),
		"not known":      undecided("timeZone: <unknown>", "timeZone"),
	})
}

func TestTTL(t *testing.T) {
	packtest.Run(t, packtest.Named(Rules, "job-has-no-ttl"), map[string]packtest.Case{
		"absent":     aJob("backoffLimit: 0"),
		"set":        aJob("ttlSecondsAfterFinished: 60", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"at once":    aJob("ttlSecondsAfterFinished: 0", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"null":       aJob("ttlSecondsAfterFinished: null"),
		"of runs":    wrongly("jobTemplate: {spec: {ttlSecondsAfterFinished: 60}}", "jobTemplate.spec.ttlSecondsAfterFinished"),
		"wrong type": aJob("ttlSecondsAfterFinished: soon", "Job/migrate: spec.ttlSecondsAfterFinished"),
		"not known":  {Objects: aJob("ttlSecondsAfterFinished: <unknown>").Objects, Undecided: []string{"Job/migrate: spec.ttlSecondsAfterFinished"}},
	})
}
