package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
)

func TestDatabasesAreMadeOnceTheServerAnswers(t *testing.T) {
	resources := run(t, registering("postgres", postgres.New, postgresArgs()))
	job := resources.one(t, "Job")
	assert.False(t, dependsOn(job, "StatefulSet", "postgres"), "it waits in its pod, so that it starts beside the server")
	assert.Contains(t, dig(containers(resources.pod(t, "Job"))["wait"], "command", 2), "until pg_isready")
	assert.True(t, dependsOn(job, "Secret", "postgres-credentials"))
	assert.True(t, dependsOn(resources.one(t, "StatefulSet"), "Secret", "postgres-credentials"))
	psql := containers(resources.pod(t, "Job"))["postgres-init"]
	assert.Equal(t, map[string]any{
		"PGHOST": "postgres-service", "PGUSER": "postgres", "PGDATABASE": "postgres", "PGCONNECT_TIMEOUT": "10",
		"PGPASSWORD": "postgres-credentials/admin-password", "ROLE_PASSWORD_0": "postgres-credentials/user-password",
	}, environment(psql))
	assert.Contains(t, dig(psql, "command"), "--set=ON_ERROR_STOP=1", "else psql goes on after an error, and exits with 0")
	assert.Contains(t, dig(psql, "command"), "--file="+mountOf(psql, "databases").(string)+"/databases.sql")
	assert.NotEqual(t, "postgres", dig(resources.pod(t, "Job"), "metadata", "labels", "app"), "the Service must not lead to it")
}

func TestDatabasesAreMadeAgainFor(t *testing.T) {
	type p = postgres.Args
	name := func(mutate func(*p)) any {
		args := postgresArgs()
		mutate(&args)
		return dig(run(t, registering("postgres", postgres.New, args)).one(t, "Job").Inputs, "metadata", "name")
	}
	before := name(func(*p) {})
	for what, tc := range map[string]struct {
		mutate func(*p)
		again  bool
	}{
		"nothing":            {func(*p) {}, false},
		"a changed password": {func(a *p) { a.Password = secretValue("other") }, true},
		"another database":   {func(a *p) { a.Database = "other" }, true},
		"another role":       {func(a *p) { a.User = "other" }, true},
		"a new version":      {func(a *p) { a.Image = "postgres:17-alpine" }, true},
		"more storage":       {func(a *p) { a.StorageGiB = 60 }, false},
		"other archives":     {func(a *p) { a.Backup.KeepDays = 30 }, false},
	} {
		t.Run(what, func(t *testing.T) { assert.Equal(t, tc.again, before != name(tc.mutate)) })
	}
}

// The script lies in a ConfigMap, and what the server logs goes to whoever
// reads logs: neither may hold a password.
func TestDatabasesScriptHoldsNoPassword(t *testing.T) {
	config := run(t, registering("postgres", postgres.New, postgresArgs())).one(t, "ConfigMap")
	script := dig(config.Inputs, "data", "databases.sql").(string)
	assert.NotContains(t, script, "c4n4ry")
	assert.Contains(t, script, `\getenv password ROLE_PASSWORD_0`)
	assert.Less(t, strings.Index(script, "SET log_statement = 'none'"), strings.Index(script, "PASSWORD :'password'"))
}
