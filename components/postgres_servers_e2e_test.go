//go:build e2e

package components_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/config"
)

// try logs in to a server and runs a statement; the result is an error code of
// PostgreSQL, or none.
func (d *coreDatabase) try(t *testing.T, server, role, password, database, statement string) string {
	t.Helper()
	session, err := d.connect(t, addresses["server "+server], d.port, role, password, database)
	if err != nil {
		return code(err)
	}
	defer session.Close(context.Background())
	_, err = session.Exec(t.Context(), statement)
	return code(err)
}

func TestCoreDatabasesOnPostgreSQL(t *testing.T) {
	database := newCoreDatabase(t, promotedArgs())
	const server = "postgres-replica"
	auth, compute := canary+"auth", canary+"compute"
	database.start(t, server)
	database.mustJob(t)

	t.Run("a second run changes nothing", func(t *testing.T) {
		require.Equal(t, "none", database.try(t, server, "auth_svc", auth, "auth_db", "CREATE TABLE things AS SELECT 'kept' AS name"))
		database.mustJob(t)
		require.Equal(t, "none", database.try(t, server, "auth_svc", auth, "auth_db", "SELECT name FROM things"))
	})
	t.Run("a role reaches its own database alone", func(t *testing.T) {
		assert.Equal(t, "none", database.try(t, server, "compute_svc", compute, "compute_db", "CREATE TABLE things ()"))
		for _, other := range []string{"compute_db", "postgres", "template1", "eddcloud"} {
			assert.Equal(t, denied, database.try(t, server, "auth_svc", auth, other, ""), other)
		}
		assert.Equal(t, wrongPassword, database.try(t, server, "auth_svc", compute, "auth_db", ""))
		assert.Equal(t, wrongPassword, database.try(t, server, "auth_svc", "", "auth_db", ""))
	})
	t.Run("the check may look and no more", func(t *testing.T) {
		assert.Equal(t, "none", database.try(t, server, "haproxy_check", "", "postgres", ""))
		for _, statement := range []string{"CREATE TABLE mine ()", "CREATE TEMPORARY TABLE mine ()", "CREATE ROLE mine", "SELECT rolpassword FROM pg_authid"} {
			assert.Equal(t, denied, database.try(t, server, "haproxy_check", "", "postgres", statement), statement)
		}
		assert.Equal(t, wrongPassword, database.try(t, server, "haproxy_check", "", "auth_db", ""), "without a password it gets into one database")
	})
	t.Run("a hash of an older server lets in", func(t *testing.T) {
		require.Equal(t, "none", database.try(t, server, "eddcloud", canary+"admin", "postgres",
			"SET password_encryption = 'md5'; CREATE ROLE old LOGIN PASSWORD 'of old'; GRANT CONNECT ON DATABASE postgres TO old"))
		assert.Equal(t, "none", database.try(t, server, "old", "of old", "postgres", ""))
	})
	t.Run("no password is logged", func(t *testing.T) {
		log, err := os.ReadFile(database.log(server))
		require.NoError(t, err)
		assert.Contains(t, string(log), "of old", "statements are logged")
		assert.NotContains(t, string(log), canary)
	})
	t.Run("probes are no failed logins", func(t *testing.T) {
		before, err := os.ReadFile(database.log(server))
		require.NoError(t, err)
		for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			require.NoError(t, database.probe(t, server, probe))
		}
		after, err := os.ReadFile(database.log(server))
		require.NoError(t, err)
		assert.NotContains(t, string(after[len(before):]), "FATAL")
	})
}

// The first servers of the cluster have their data in the root of the volume.
func TestServerFindsItsData(t *testing.T) {
	for name, tc := range map[string]struct{ folder string }{"of old": {"data"}, "new": {"data/pgdata"}} {
		t.Run(name, func(t *testing.T) {
			database := newCoreDatabase(t, promotedArgs())
			volume := filepath.Join(database.folder, "postgres-replica", "data")
			if tc.folder == "data" {
				database.own(t, volume)
				initdb := exec.CommandContext(t.Context(), filepath.Join(database.bin, "initdb"), "--no-sync", "--username=eddcloud", "--auth=trust", volume)
				initdb.SysProcAttr, initdb.Dir = &syscall.SysProcAttr{Credential: database.who}, database.folder
				output, err := initdb.CombinedOutput()
				require.NoError(t, err, string(output))
			}
			database.start(t, "postgres-replica")
			assert.FileExists(t, filepath.Join(database.folder, "postgres-replica", tc.folder, "postmaster.pid"), "where the running server is")
		})
	}
}

func TestReplicaOnPostgreSQL(t *testing.T) {
	database := newCoreDatabase(t, pairArgs())
	database.start(t, "postgres")
	database.mustJob(t)
	replica := filepath.Join(database.folder, "postgres-replica", "data", "pgdata")

	t.Run("a copy that was cut off is begun again", func(t *testing.T) {
		require.NoError(t, os.MkdirAll(replica+".part/base", 0o700))
		database.own(t, replica+".part/base")
		database.own(t, replica+".part")
		database.start(t, "postgres-replica")
		assert.NoDirExists(t, replica+".part")
	})
	t.Run("it follows", func(t *testing.T) {
		assert.Equal(t, true, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"))
		require.Equal(t, "none", database.try(t, "postgres", "auth_svc", canary+"auth", "auth_db", "CREATE TABLE things ()"))
		eventually(t, "the change arrives", func() bool {
			return database.try(t, "postgres-replica", "auth_svc", canary+"auth", "auth_db", "SELECT FROM things") == "none"
		})
		assert.Equal(t, "postgres-replica", database.ask(t, "postgres", "SELECT application_name FROM pg_stat_replication"))
	})
	t.Run("its data hold no password", func(t *testing.T) {
		content, err := os.ReadFile(filepath.Join(replica, "postgresql.auto.conf"))
		require.NoError(t, err)
		assert.NotContains(t, string(content), "primary_conninfo")
	})
	t.Run("it goes on after a restart", func(t *testing.T) {
		database.stop(t, "postgres-replica", syscall.SIGINT)
		database.start(t, "postgres-replica")
		assert.Equal(t, true, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"))
	})
	t.Run("one that takes no connections is no dead one", func(t *testing.T) {
		session, err := database.connect(t, addresses["server postgres-replica"], database.port, "auth_svc", canary+"auth", "auth_db")
		require.NoError(t, err)
		require.NoError(t, database.running["postgres-replica"].Process.Signal(syscall.SIGTERM)) // it waits for the session
		eventually(t, "it takes no connections", func() bool { return database.probe(t, "postgres-replica", "readinessProbe") != nil })
		assert.NoError(t, database.probe(t, "postgres-replica", "livenessProbe"))
		require.NoError(t, session.Close(t.Context()))
		_ = database.running["postgres-replica"].Wait()
		assert.Error(t, database.probe(t, "postgres-replica", "livenessProbe"))
	})
	t.Run("its data start no primary", func(t *testing.T) {
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", false, config.RolePrimary)
			turn(a, "postgres-replica", true, config.RolePrimary)
		})
		output, err := database.prepare(t, "postgres-replica")
		require.Error(t, err)
		assert.Contains(t, output, "set role promoted")
	})
	t.Run("a primary's data start no replica, and stay", func(t *testing.T) {
		database.stop(t, "postgres", syscall.SIGINT)
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", true, config.RoleReplica)
			turn(a, "postgres-replica", true, config.RolePromoted)
		})
		output, err := database.prepare(t, "postgres")
		require.Error(t, err)
		assert.Contains(t, output, "move them out of")
		assert.FileExists(t, filepath.Join(database.folder, "postgres", "data/pgdata/PG_VERSION"))
	})
}

func TestPromotionOnPostgreSQL(t *testing.T) {
	database := newCoreDatabase(t, pairArgs())
	database.start(t, "postgres")
	database.mustJob(t)
	database.start(t, "postgres-replica")
	require.Equal(t, "none", database.try(t, "postgres", "auth_svc", canary+"auth", "auth_db", "CREATE TABLE things (n int)"))

	t.Run("not as a primary", func(t *testing.T) {
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", false, config.RolePrimary)
			turn(a, "postgres-replica", true, config.RolePrimary)
		})
		output, err := database.job(t)
		require.ErrorContains(t, err, "promote")
		assert.Contains(t, output, "set role promoted")
	})
	t.Run("not beside one that takes writes", func(t *testing.T) {
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", true, config.RoleReplica)
			turn(a, "postgres-replica", true, config.RolePromoted)
		})
		output, err := database.job(t)
		require.ErrorContains(t, err, "promote")
		assert.Contains(t, output, "disable that one first")
		assert.Equal(t, true, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"))
	})
	t.Run("with all that the server before it took", func(t *testing.T) {
		database.up(t, func(a *postgres.ServersArgs) { turn(a, "postgres", false, config.RoleReplica) })
		done := make(chan string, 1)
		go func() {
			output, err := database.job(t) //nolint:testifylint // what it requires of its own fixture held above
			if err != nil {
				output += err.Error()
			}
			done <- output
		}()
		time.Sleep(3 * time.Second)
		require.Equal(t, true, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"), "it waits for the other to stop")
		require.Equal(t, "none", database.try(t, "postgres", "auth_svc", canary+"auth", "auth_db", "INSERT INTO things SELECT generate_series(1, 200000)"))
		database.stop(t, "postgres", syscall.SIGINT)
		output := <-done
		assert.Empty(t, strings.ReplaceAll(output, "waiting for the server that postgres-replica follows to stop\n", ""))
		require.Equal(t, false, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"))
		require.Equal(t, "none", database.try(t, "postgres-replica", "auth_svc", canary+"auth", "auth_db",
			"DO $$ BEGIN ASSERT (SELECT count(*) = 200000 FROM things); END $$"))
	})
	t.Run("once", func(t *testing.T) {
		database.mustJob(t)
		database.stop(t, "postgres-replica", syscall.SIGINT)
		database.start(t, "postgres-replica")
		assert.Equal(t, false, database.ask(t, "postgres-replica", "SELECT pg_is_in_recovery()"))
	})
	t.Run("and the server before it comes back as a replica", func(t *testing.T) {
		database.up(t, func(a *postgres.ServersArgs) { turn(a, "postgres", true, config.RoleReplica) })
		data := filepath.Join(database.folder, "postgres", "data", "pgdata")
		require.NoError(t, os.Rename(data, data+".old"))
		database.start(t, "postgres")
		assert.Equal(t, true, database.ask(t, "postgres", "SELECT pg_is_in_recovery()"))
		require.Equal(t, "none", database.try(t, "postgres", "auth_svc", canary+"auth", "auth_db", "SELECT FROM things"))
	})
	t.Run("and back again, without a writer to wait for", func(t *testing.T) {
		database.stop(t, "postgres-replica", syscall.SIGKILL)
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", true, config.RolePromoted)
			turn(a, "postgres-replica", false, config.RoleReplica)
		})
		eventually(t, "it follows itself", func() bool {
			return database.ask(t, "postgres", "SELECT application_name::text FROM pg_stat_replication") == "postgres"
		})
		database.mustJob(t)
		assert.Equal(t, false, database.ask(t, "postgres", "SELECT pg_is_in_recovery()"))
	})
}
