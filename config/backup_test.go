package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"platform/config"
)

func TestMaxAgeIsTheLongestPauseAndARun(t *testing.T) {
	const day = 24 * time.Hour
	for schedule, want := range map[string]time.Duration{
		"15 2 * * *":     day,
		"0 */6 * * *":    6 * time.Hour,
		"0 3 * * 1-5":    3 * day,
		"* * * * 1":      6*day + time.Minute,
		"30 1 1 * *":     31 * day,
		"0 8,9,20 * * *": 12 * time.Hour,
		"0 0 29 2 *":     4*365*day + day,
		"not a schedule": -config.BackupDeadline,
	} {
		backup := config.Backup{Enabled: true, Schedule: schedule}
		assert.Equal(t, want+config.BackupDeadline, backup.MaxAge(), schedule)
		backup.Enabled = false
		assert.Zero(t, backup.MaxAge(), schedule)
	}
}
