package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
)

func TestBackup(t *testing.T) {
	resources := run(t, registering("postgres", postgres.New, postgresArgs()))
	cron := resources.one(t, "CronJob")
	assert.Equal(t, "db-dump", dig(cron.Inputs, "metadata", "name"))
	assert.Equal(t, "15 2 * * *", dig(cron.Inputs, "spec", "schedule"))
	assert.Equal(t, "Etc/UTC", dig(cron.Inputs, "spec", "timeZone"), "else the schedule is in the zone of whoever runs the cluster")
	assert.Equal(t, "Forbid", dig(cron.Inputs, "spec", "concurrencyPolicy"))
	pod := resources.pod(t, "CronJob")
	assert.Equal(t, "Never", dig(pod, "spec", "restartPolicy"))
	dump := containers(pod)["db-dump"]
	assert.Contains(t, dig(containers(pod)["wait"], "command", 2), "until pg_isready", "a new pod reaches nobody for a moment")
	assert.Equal(t, "postgres:16-alpine", dig(dump, "image"), "pg_dump refuses a server newer than itself")
	assert.Equal(t, map[string]any{
		"PGHOST": "postgres-service", "PGUSER": "postgres", "PGDATABASE": "co2calculator", "KEEP_DAYS": "14",
		"ARCHIVES": "/archives", "PGPASSWORD": "postgres-credentials/admin-password",
	}, environment(dump))
}

// Archives lie on a volume of their own: what takes the database's volume
// down leaves them.
func TestArchivesLieApartFromTheData(t *testing.T) {
	resources := run(t, registering("postgres", postgres.New, postgresArgs()))
	claimed := func(kind, volume string) any {
		for _, one := range list(resources.pod(t, kind), "spec", "volumes") {
			if dig(one, "name") == volume {
				return dig(one, "persistentVolumeClaim", "claimName")
			}
		}
		return nil
	}
	assert.Equal(t, "db-dump-archives", claimed("CronJob", "archives"))
	assert.Equal(t, "postgres-pvc", claimed("StatefulSet", "data"))
	dump := containers(resources.pod(t, "CronJob"))["db-dump"]
	assert.Equal(t, environment(dump)["ARCHIVES"], mountOf(dump, "archives"))
}
