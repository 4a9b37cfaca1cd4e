package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
	"platform/config"
)

func TestCoreDatabasesAreMadeByOneJob(t *testing.T) {
	resources := run(t, registering("postgres", postgres.NewServers, promotedArgs()))
	pod := resources.pod(t, "Job")
	var order []any
	for _, container := range list(pod, "spec", "initContainers") {
		order = append(order, dig(container, "name"))
	}
	assert.Equal(t, []any{"wait", "promote"}, order, "a standby takes no role and no database")
	login := map[string]any{
		"PGHOST": "postgres", "PGUSER": "eddcloud", "PGDATABASE": "postgres", "PGCONNECT_TIMEOUT": "10",
		"PGPASSWORD": "postgres-credentials/POSTGRES_PASSWORD",
	}
	psql, promote := environment(containers(pod)["postgres-init"]), environment(containers(pod)["promote"])
	assert.Subset(t, psql, login)
	assert.Subset(t, psql, map[string]any{
		"ROLE_PASSWORD_0": "auth-db-credentials/PASSWORD", "ROLE_PASSWORD_1": "compute-db-credentials/PASSWORD",
		"READER_PASSWORD_0":    "postgres-credentials/GATEWAY_PASSWORD",
		"REPLICATION_PASSWORD": "postgres-credentials/REPLICATION_PASSWORD",
	})
	assert.Subset(t, promote, login)
	assert.Subset(t, promote, map[string]any{"SERVER": "postgres-replica", "ROLE": "promoted", "STANDBY": ""})
	assert.Equal(t, map[string]any{"PGHOST": "postgres", "PGUSER": "eddcloud"}, environment(containers(pod)["wait"]))
	assert.Equal(t, map[string]any{"db-role": "replica"}, dig(pod, "spec", "nodeSelector"), "where the image is already")
	pair := containers(run(t, registering("postgres", postgres.NewServers, pairArgs())).pod(t, "Job"))["promote"]
	assert.Subset(t, environment(pair), map[string]any{"SERVER": "postgres", "ROLE": "primary", "STANDBY": "postgres-replica"})
}

func TestCoreDatabasesScriptHoldsNoPassword(t *testing.T) {
	resources := run(t, registering("postgres", postgres.NewServers, promotedArgs()))
	script := dig(resources.one(t, "ConfigMap", "postgres-init").Inputs, "data", "databases.sql").(string)
	assert.NotContains(t, script, "c4n4ry")
	assert.Less(t, strings.Index(script, "SET log_statement = 'none'"), strings.Index(script, `\getenv`), "nothing is reported before it is hidden")
	assert.Contains(t, script, "ALTER ROLE haproxy_check")
	assert.Contains(t, script, `\getenv password ROLE_PASSWORD_1`)
	assert.Less(t, strings.LastIndex(script, "PASSWORD :'password'"), strings.Index(script, `\connect`), "a new session hides nothing")
}

func TestCoreDatabasesAreMadeAgainFor(t *testing.T) {
	name := func(mutate func(*servers)) any {
		args := promotedArgs()
		mutate(&args)
		return dig(run(t, registering("postgres", postgres.NewServers, args)).one(t, "Job").Inputs, "metadata", "name")
	}
	before := name(func(*servers) {})
	for what, tc := range map[string]struct {
		mutate func(*servers)
		again  bool
	}{
		"nothing":                  {func(*servers) {}, false},
		"another role":             {func(a *servers) { turn(a, "postgres-replica", true, config.RolePrimary) }, true},
		"another writer":           {func(a *servers) { *a = pairArgs() }, true},
		"a replica":                {func(a *servers) { turn(a, "postgres", true, config.RoleReplica) }, true},
		"a role's password":        {func(a *servers) { a.Secrets["compute-db-credentials"]["PASSWORD"] = secretValue("other") }, true},
		"a reader's password":      {func(a *servers) { a.Secrets["postgres-credentials"]["GATEWAY_PASSWORD"] = secretValue("other") }, true},
		"another reader":           {func(a *servers) { a.Readers[0].Database = "auth_db" }, true},
		"no reader":                {func(a *servers) { a.Readers = nil }, true},
		"the superuser's password": {func(a *servers) { a.Secrets["postgres-credentials"]["POSTGRES_PASSWORD"] = secretValue("other") }, true},
		"the replication password": {func(a *servers) { a.Secrets["postgres-credentials"]["REPLICATION_PASSWORD"] = secretValue("other") }, true},
		"another database":         {func(a *servers) { a.Databases, a.Readers[0].Database = a.Databases[:1], "auth_db" }, true},
		"another secret": {func(a *servers) {
			a.Databases[0].Secret, a.Secrets["other-credentials"] = "other-credentials", a.Secrets["auth-db-credentials"]
		}, true},
		"more storage": {func(a *servers) { with(a, "postgres-replica", func(s *config.PostgresServer) { s.StorageGiB = 10 }) }, false},
	} {
		t.Run(what, func(t *testing.T) { assert.Equal(t, tc.again, before != name(tc.mutate)) })
	}
}
