//go:build e2e

package components_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
)

// backupRun runs the CronJob's own command line against a server.
func backupRun(t *testing.T, server postgresServer, archives string, override map[string]string) (string, error) {
	t.Helper()
	args := postgresArgs()
	args.AdminPassword = pulumi.String(server.admin)
	resources := run(t, registering("postgres", postgres.New, args))
	dump := containers(resources.pod(t, "CronJob"))["db-dump"]
	secrets := map[string]map[string]string{"postgres-credentials": decoded(t, resources.one(t, "Secret"))}
	values := map[string]string{
		"PGHOST": "127.0.0.1", "PGPORT": strconv.Itoa(server.port), "ARCHIVES": archives,
		"PATH": server.bin + ":" + os.Getenv("PATH"),
	}
	for name, value := range override {
		values[name] = value
	}
	return execute(t, resolved(t, dump, secrets, values), command(t, dig(dump, "command"), nil)...)
}

// aged makes a file that was last written some time ago.
func aged(t *testing.T, folder, name string, age time.Duration) {
	t.Helper()
	write(t, folder, map[string]string{name: "old"})
	then := time.Now().Add(-age)
	require.NoError(t, os.Chtimes(filepath.Join(folder, name), then, then))
}

// held are the names of the files of a folder.
func held(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	names := []string{}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestBackupOfPostgreSQL(t *testing.T) {
	const day = 24 * time.Hour
	server := startPostgres(t)
	server.mustProvision(t, "co2calculator", "secret")
	require.NoError(t, server.login(t, "co2calculator", "secret", "co2calculator", nil,
		"CREATE TABLE things (name text)", "INSERT INTO things SELECT 'thing ' || n FROM generate_series(1, 1000) n"))

	t.Run("an archive can be restored", func(t *testing.T) {
		archives := t.TempDir()
		output, err := backupRun(t, server, archives, nil)
		require.NoError(t, err, output)
		require.Len(t, held(t, archives), 1)
		archive := held(t, archives)[0]
		assert.Regexp(t, `^co2calculator-\d{8}-\d{6}\.dump$`, archive)
		assert.Contains(t, output, archive, "the log says what was written")

		require.NoError(t, server.login(t, "postgres", server.admin, "postgres", nil, "CREATE DATABASE restored"))
		environ := []string{"PGPASSWORD=" + server.admin}
		restored, err := execute(t, environ, filepath.Join(server.bin, "pg_restore"), "--exit-on-error", "--host=127.0.0.1",
			"--port="+strconv.Itoa(server.port), "--username=postgres", "--dbname=restored", filepath.Join(archives, archive))
		require.NoError(t, err, restored)
		var rows []any
		require.NoError(t, server.login(t, "postgres", server.admin, "restored", &rows, "SELECT count(*), max(name) FROM things"))
		assert.Equal(t, []any{int64(1000), "thing 999"}, rows)
	})
	t.Run("old archives go, and nothing else", func(t *testing.T) {
		archives := t.TempDir()
		aged(t, archives, "co2calculator-old.dump", 16*day)
		aged(t, archives, "co2calculator-kept.dump", 13*day)
		aged(t, archives, "before-upgrade.sql", 100*day)
		aged(t, archives, "co2calculator-killed.dump.part", 6*time.Hour)
		aged(t, archives, "co2calculator-running.dump.part", 3*time.Hour)
		output, err := backupRun(t, server, archives, nil)
		require.NoError(t, err, output)
		names := held(t, archives)
		assert.Subset(t, names, []string{"co2calculator-kept.dump", "before-upgrade.sql", "co2calculator-running.dump.part"})
		assert.Len(t, names, 4)
	})
	// A pg_dump that ends well before its archive does, as on a full volume.
	half := filepath.Join(t.TempDir(), "pg_dump")
	require.NoError(t, os.WriteFile(half, []byte(`#!/bin/sh
for word; do case "$word" in --file=*) file="${word#--file=}";; esac; done
"`+server.bin+`/pg_dump" "$@" && size=$(wc -c < "$file") && truncate -s "$((size / 2))" "$file"
`), 0o755))
	for name, override := range map[string]map[string]string{
		"the server refuses":             {"PGPASSWORD": "not the password"},
		"the server is away":             {"PGPORT": "1"},
		"the database is not there":      {"PGDATABASE": "nothing"},
		"the archive is half an archive": {"PATH": filepath.Dir(half) + ":" + server.bin + ":" + os.Getenv("PATH")},
	} {
		t.Run(name, func(t *testing.T) {
			archives := t.TempDir()
			aged(t, archives, "co2calculator-old.dump", 100*day)
			output, err := backupRun(t, server, archives, override)
			require.Error(t, err, "a Job that failed says so")
			assert.Equal(t, []string{"co2calculator-old.dump"}, held(t, archives), "the last good archive outlives every failure")
			assert.NotContains(t, output, server.admin)
		})
	}
}
