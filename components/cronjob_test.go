package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Two runs at once would write, or clean up, over each other; one that was
// missed for long is overtaken by the next.
func TestEveryCronJobIsBounded(t *testing.T) {
	found := 0
	forEverything(t, func(t *testing.T, resources record) {
		for _, cron := range resources.of("CronJob") {
			found++
			spec := cron.Inputs["spec"]
			assert.Equal(t, dig(cron.Inputs, "metadata", "labels", "app"), dig(cron.Inputs, "metadata", "name"))
			assert.Equal(t, "Forbid", dig(spec, "concurrencyPolicy"), cron.Name)
			assert.Equal(t, "Etc/UTC", dig(spec, "timeZone"), cron.Name)
			assert.Equal(t, 3600.0, dig(spec, "startingDeadlineSeconds"), cron.Name)
			assert.Equal(t, 3.0, dig(spec, "successfulJobsHistoryLimit"), cron.Name)
			assert.Equal(t, 3.0, dig(spec, "failedJobsHistoryLimit"), cron.Name)
			job := dig(spec, "jobTemplate", "spec")
			assert.Greater(t, dig(job, "activeDeadlineSeconds"), 0.0, "%s ends some time", cron.Name)
			assert.NotNil(t, dig(job, "backoffLimit"), "%s gives up some time", cron.Name)
			assert.Contains(t, []any{"Never", "OnFailure"}, dig(job, "template", "spec", "restartPolicy"), cron.Name)
			labels := dig(cron.Inputs, "metadata", "labels")
			assert.Equal(t, labels, dig(spec, "jobTemplate", "metadata", "labels"), cron.Name)
			assert.Equal(t, labels, dig(job, "template", "metadata", "labels"), cron.Name)
		}
	})
	require.NotZero(t, found)
}

// A run of one pod says nothing of how many: two numbers could disagree.
func TestCronJobOfOnePod(t *testing.T) {
	job := dig(run(t, protectedPostgres(false)).one(t, "CronJob").Inputs, "spec", "jobTemplate", "spec")
	assert.Nil(t, dig(job, "parallelism"))
	assert.Nil(t, dig(job, "completions"))
	assert.Equal(t, 4*3600.0, dig(job, "activeDeadlineSeconds"))
	assert.Equal(t, 2.0, dig(job, "backoffLimit"))
}
