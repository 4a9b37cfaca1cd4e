package config

import (
	"time"

	"github.com/robfig/cron/v3"
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
