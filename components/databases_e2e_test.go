//go:build e2e

package components_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/tests/host"
)

// postgresServer is a real server, with the superuser's password.
type postgresServer struct {
	port  int
	bin   string // folder of its programs
	log   string
	admin string
}

// startPostgres runs an empty server that logs every statement.
func startPostgres(t *testing.T) postgresServer {
	t.Helper()
	server := postgresServer{port: host.FreePort(t), bin: postgresBin(t), admin: canary + "admin"}
	who := unprivileged(t)
	folder := t.TempDir()
	server.log = filepath.Join(folder, "server.log")
	write(t, folder, map[string]string{"password": server.admin})
	if who != nil {
		require.NoError(t, os.Chmod(filepath.Dir(folder), 0o711))
		require.NoError(t, os.Chown(folder, int(who.Uid), int(who.Gid)))
	}
	data := filepath.Join(folder, "pgdata")
	initdb := exec.CommandContext(t.Context(), filepath.Join(server.bin, "initdb"), "--pgdata="+data, "--username=postgres",
		"--pwfile="+filepath.Join(folder, "password"), "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8")
	initdb.SysProcAttr, initdb.Dir = &syscall.SysProcAttr{Credential: who}, folder
	output, err := initdb.CombinedOutput()
	require.NoError(t, err, string(output))

	program := exec.Command(filepath.Join(server.bin, "postgres"), "-D", data, "-p", strconv.Itoa(server.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
		"-c", "log_statement=all", "-c", "log_min_duration_statement=0")
	program.SysProcAttr, program.Dir = &syscall.SysProcAttr{Credential: who}, folder
	launch(t, program, server.log)
	eventually(t, "a server that answers", func() bool {
		return server.login(t, "postgres", server.admin, "postgres", nil) == nil
	})
	return server
}

// postgresBin is the folder of PostgreSQL's programs.
func postgresBin(t *testing.T) string {
	t.Helper()
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	slices.Reverse(folders)
	for _, folder := range folders {
		complete := true
		for _, program := range []string{"initdb", "postgres", "psql", "pg_dump", "pg_restore"} {
			_, err := os.Stat(filepath.Join(folder, program))
			complete = complete && err == nil
		}
		if complete {
			return folder
		}
	}
	host.Lacks(t, "PostgreSQL's programs are neither on PATH nor in /usr/lib/postgresql; install the package postgresql")
	return ""
}

// login connects as a role and runs the statements, each on its own.
func (s postgresServer) login(t *testing.T, role, password, database string, rows *[]any, statements ...string) error {
	t.Helper()
	url, _ := opened(t, postgres.Database{
		Host: "127.0.0.1", Port: s.port, Name: database, User: role, Password: pulumi.String(password), SSLMode: "disable",
	}.URL)
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return err
	}
	defer connection.Close(context.Background())
	for _, statement := range statements {
		result, err := connection.Query(t.Context(), statement)
		if err != nil {
			return err
		}
		for result.Next() {
			values, err := result.Values()
			if err != nil {
				return err
			}
			if rows != nil {
				*rows = append(*rows, values...)
			}
		}
		if result.Err() != nil {
			return result.Err()
		}
	}
	return nil
}

// provision runs the Job's own command line with its own script, as it is
// made for one database, its role and the role's password.
func (s postgresServer) provision(t *testing.T, name, password, admin string) (string, error) {
	t.Helper()
	args := postgresArgs()
	args.Database, args.User, args.Password, args.AdminPassword = name, name, pulumi.String(password), pulumi.String(admin)
	resources := run(t, registering("postgres", postgres.New, args))
	psql := containers(resources.pod(t, "Job"))["postgres-init"]
	script := dig(resources.one(t, "ConfigMap").Inputs, "data", "databases.sql").(string)
	folder := write(t, t.TempDir(), map[string]string{"databases.sql": script})
	secrets := map[string]map[string]string{"postgres-credentials": decoded(t, resources.one(t, "Secret"))}
	environ := resolved(t, psql, secrets, map[string]string{"PGHOST": "127.0.0.1", "PGPORT": strconv.Itoa(s.port)})
	words := command(t, dig(psql, "command"), map[string]string{mountOf(psql, "databases").(string): folder})
	words[0] = filepath.Join(s.bin, words[0])
	return execute(t, environ, words...)
}

func (s postgresServer) mustProvision(t *testing.T, name, password string) {
	t.Helper()
	output, err := s.provision(t, name, password, s.admin)
	require.NoError(t, err, output)
	assert.Empty(t, output)
}

// code is what PostgreSQL calls an error.
func code(err error) string {
	var failure *pgconn.PgError
	if err == nil {
		return "none"
	}
	if !errors.As(err, &failure) {
		return err.Error()
	}
	return failure.Code
}

const (
	denied        = "42501"
	wrongPassword = "28P01"
)

func TestDatabasesOnPostgreSQL(t *testing.T) {
	server := startPostgres(t)
	const first, second = `p@ss/w:rd?#%`, `it's "quoted" \ back\\slash $1; -- é`
	server.mustProvision(t, "co2calculator", first)
	server.mustProvision(t, "other", second)

	t.Run("a role uses its database", func(t *testing.T) {
		for role, password := range map[string]string{"co2calculator": first, "other": second} {
			var rows []any
			require.NoError(t, server.login(t, role, password, role, &rows,
				"CREATE TABLE things (name text)", "INSERT INTO things VALUES ('kept')",
				"SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()"))
			assert.Equal(t, []any{role}, rows, "it owns its database")
		}
	})
	t.Run("a role can do no more", func(t *testing.T) {
		for _, statement := range []string{
			"CREATE DATABASE mine", "CREATE ROLE mine", "ALTER ROLE postgres PASSWORD 'x'", "ALTER ROLE other CREATEDB",
			"SELECT pg_read_file('/etc/passwd')", "COPY (SELECT 1) TO PROGRAM 'true'",
		} {
			assert.Equal(t, denied, code(server.login(t, "co2calculator", first, "co2calculator", nil, statement)), statement)
		}
	})
	t.Run("a role does not enter another's database", func(t *testing.T) {
		assert.Equal(t, denied, code(server.login(t, "co2calculator", first, "other", nil)))
		assert.Equal(t, denied, code(server.login(t, "other", second, "co2calculator", nil)))
	})
	t.Run("a second run keeps the data and takes back what was added", func(t *testing.T) {
		require.NoError(t, server.login(t, "postgres", server.admin, "postgres", nil,
			"ALTER ROLE co2calculator SUPERUSER CREATEDB CREATEROLE REPLICATION", "GRANT CONNECT ON DATABASE co2calculator TO PUBLIC"))
		require.NoError(t, server.login(t, "other", second, "co2calculator", nil))
		server.mustProvision(t, "co2calculator", first)
		assert.Equal(t, denied, code(server.login(t, "other", second, "co2calculator", nil)))
		var rows []any
		require.NoError(t, server.login(t, "co2calculator", first, "co2calculator", &rows, "SELECT name FROM things",
			"SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = 'co2calculator'"))
		assert.Equal(t, []any{"kept", false}, rows)
	})
	t.Run("a changed password", func(t *testing.T) {
		const changed = `c'h"a\nged`
		server.mustProvision(t, "co2calculator", changed)
		require.NoError(t, server.login(t, "co2calculator", changed, "co2calculator", nil))
		assert.Equal(t, wrongPassword, code(server.login(t, "co2calculator", first, "co2calculator", nil)))
		require.NoError(t, server.login(t, "other", second, "other", nil), "the others' stay")
		requireUnlogged(t, server, first, second, changed)
	})
	t.Run("what psql cannot do is an error", func(t *testing.T) {
		output, err := server.provision(t, "co2calculator", first, "not the password")
		require.Error(t, err)
		assert.Contains(t, output, "password authentication failed")
	})
}

// requireUnlogged looks for passwords in the server's log, and makes sure that
// it holds those of who does not take care.
func requireUnlogged(t *testing.T, server postgresServer, passwords ...string) {
	t.Helper()
	require.NoError(t, server.login(t, "postgres", server.admin, "postgres", nil, "CREATE ROLE careless PASSWORD 'spelled out'"))
	log, err := os.ReadFile(server.log)
	require.NoError(t, err)
	assert.Contains(t, string(log), "spelled out")
	for _, password := range passwords {
		assert.NotContains(t, string(log), password)
		assert.NotContains(t, string(log), strings.ReplaceAll(password, "'", "''"))
	}
	assert.NotContains(t, string(log), `ALTER ROLE "co2calculator"`)
}
