package config

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Backup configures the CronJob that writes archives with pg_dump.
type Backup struct {
	Enabled      bool      `key:"enabled"`
	Schedule     string    `key:"schedule"`   // five cron fields, UTC; default 15 2 * * *
	KeepDays     int       `key:"keepDays"`   // default 14
	StorageGiB   int       `key:"storageGiB"` // of the claim that holds the archives
	StorageClass string    `key:"storageClass"`
	Resources    Resources `key:"resources"` // of the job's pod
}

const (
	// DefaultBackupSchedule is at night, off the full hour when other jobs start.
	DefaultBackupSchedule = "15 2 * * *"
	// DefaultBackupKeepDays is two weeks of archives.
	DefaultBackupKeepDays = 14
)

// BackupDeadline ends a run of the backup, its retries included. It is under
// the 300 minutes after which the script takes a half-written archive for
// abandoned.
const BackupDeadline = 4 * time.Hour

// scheduleRuns is how many runs MaxAge looks at. They reach over the longest pause
// even where a schedule has every minute of one weekday: 1440 runs a week.
const scheduleRuns = 5000

// MaxAge returns the age at which the newest archive is too old: the longest
// pause of the schedule, and the time that a run may take. It is 0 where no
// backup is made, or the schedule is invalid.
func (b Backup) MaxAge() time.Duration {
	schedule, err := cron.ParseStandard(b.Schedule)
	if !b.Enabled || err != nil {
		return 0
	}
	var longest time.Duration
	last := schedule.Next(leapYear)
	for range scheduleRuns {
		next := schedule.Next(last)
		if next.IsZero() {
			break
		}
		longest, last = max(longest, next.Sub(last)), next
	}
	return longest + BackupDeadline
}

func (b Backup) validate(into *collector, key string) {
	into.schedule(key+".schedule", b.Schedule, DefaultBackupSchedule)
	into.positive(key+".keepDays", b.KeepDays)
	into.positive(key+".storageGiB", b.StorageGiB)
	into.resources(key+".resources", b.Resources)
}

// leapYear has every day that there is.
var leapYear = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// schedule checks five cron fields. It refuses what the parser takes beyond
// them: names such as @daily, and a time zone, which a CronJob has in a field
// of its own.
func (c *collector) schedule(key, text, example string) {
	schedule, err := cron.ParseStandard(text)
	remedy := "write minute, hour, day, month and weekday, such as " + example
	switch {
	case err != nil || len(strings.Fields(text)) != 5:
		c.add(key, remedy, "%s is not a schedule of five cron fields", quoted(text))
	case schedule.Next(leapYear).IsZero(): // within five years
		c.add(key, remedy, "%s never comes", quoted(text))
	}
}
