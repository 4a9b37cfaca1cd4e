//go:build e2e

package components_test

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/tests/host"
)

// entrypoint does what the image's own does with an empty volume, then starts
// the server at an address of the test, with a log of every statement.
const entrypoint = `#!/bin/sh
set -eu
test ! -z "$PGDATA" || exit 1
if ! test -s "$PGDATA/PG_VERSION"; then
	mkdir -p "$PGDATA"
	printf %%s "$POSTGRES_PASSWORD" >%[1]s/password
	initdb --username="$POSTGRES_USER" --pwfile=%[1]s/password --no-sync --encoding=UTF8 $POSTGRES_INITDB_ARGS >/dev/null
	echo "CREATE DATABASE $POSTGRES_DB" | postgres --single -D "$PGDATA" postgres >/dev/null
fi
exec postgres "$@" -c listen_addresses=%[2]s -c port=%[3]d -c unix_socket_directories= -c fsync=off \
	-c log_statement=all -c log_min_duration_statement=0
`

// coreDatabase is what the component makes, run as the cluster would run it.
type coreDatabase struct {
	owner     *testing.T // at whose end the servers end
	args      postgres.ServersArgs
	resources record
	port      int
	bin       string // folder of PostgreSQL's programs
	folder    string
	who       *syscall.Credential
	services  map[string]*leadsTo
	running   map[string]*exec.Cmd
}

func newCoreDatabase(t *testing.T, args postgres.ServersArgs) *coreDatabase {
	t.Helper()
	args.PodNetwork = netip.MustParsePrefix("127.0.0.0/8")
	d := &coreDatabase{
		owner: t, args: args, port: host.FreePort(t), bin: postgresBin(t), folder: t.TempDir(), who: unprivileged(t),
		services: map[string]*leadsTo{}, running: map[string]*exec.Cmd{},
	}
	require.NoError(t, os.Chmod(filepath.Dir(d.folder), 0o711))
	for server := range args.Servers {
		volume := filepath.Join(d.folder, server, "data")
		require.NoError(t, os.MkdirAll(volume, 0o777))
		require.NoError(t, os.Chmod(volume, 0o777), "as K3s makes one: root's, and writable for all")
		scratch := filepath.Join(d.folder, server, "scratch")
		require.NoError(t, os.Mkdir(scratch, 0o777))
		require.NoError(t, os.Chmod(scratch, 0o777))
		start := fmt.Sprintf(entrypoint, scratch, addresses["server "+server], d.port)
		write(t, d.folder, map[string]string{server + "/bin/docker-entrypoint.sh": start})
		require.NoError(t, os.Chmod(filepath.Join(d.folder, server, "bin/docker-entrypoint.sh"), 0o755))
	}
	for _, name := range []string{"postgres", "postgres-replica"} {
		listener, err := net.Listen("tcp", net.JoinHostPort(addresses["service "+name], strconv.Itoa(d.port)))
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		d.services[name] = &leadsTo{}
		go d.services[name].serve(listener, d.port)
	}
	d.up(t, func(*postgres.ServersArgs) {})
	return d
}

// up makes what the changed arguments ask for, as far as it needs no pod: the
// files of the ConfigMaps, and where the Services lead.
func (d *coreDatabase) up(t *testing.T, mutate func(*postgres.ServersArgs)) {
	t.Helper()
	mutate(&d.args)
	d.resources = run(t, registering("postgres", postgres.NewServers, d.args))
	for server := range d.args.Servers {
		for name, content := range dig(d.resources.one(t, "ConfigMap", server).Inputs, "data").(map[string]any) {
			content := strings.ReplaceAll(content.(string), "10.0.0.0/8", "127.0.0.0/8")
			write(t, d.folder, map[string]string{filepath.Join(server, "config", name): content})
		}
	}
	for name, service := range d.services {
		server := dig(d.resources.one(t, "Service", name).Inputs, "spec", "selector", "app").(string)
		address := addresses["server "+server]
		service.server.Store(&address)
	}
}

// command is a container's command line with the paths of the test, as the
// user that may run PostgreSQL.
func (d *coreDatabase) command(t *testing.T, container any, secrets map[string]map[string]string, name string) *exec.Cmd {
	t.Helper()
	words := command(t, append(list(container, "command"), list(container, "args")...), map[string]string{
		"/var/lib/postgresql/data": filepath.Join(d.folder, name, "data"),
		"/etc/postgresql":          filepath.Join(d.folder, name, "config"),
		"host=postgres port=5432":  fmt.Sprintf("host=%s port=%d", addresses["service postgres"], d.port),
	})
	override := map[string]string{
		"PATH":   filepath.Join(d.folder, name, "bin") + ":" + d.bin + ":" + os.Getenv("PATH"),
		"PGPORT": strconv.Itoa(d.port),
	}
	for variable, value := range environment(container) {
		if address, ok := addresses[fmt.Sprint("service ", value)]; ok && (variable == "PGHOST" || variable == "STANDBY") {
			override[variable] = address
		}
	}
	program := exec.CommandContext(d.owner.Context(), words[0], words[1:]...)
	program.Env, program.Dir = resolved(t, container, secrets, override), d.folder
	program.SysProcAttr = &syscall.SysProcAttr{Credential: d.who}
	return program
}

func (d *coreDatabase) secrets() map[string]map[string]string {
	secrets := map[string]map[string]string{}
	for name, values := range d.args.Secrets {
		secrets[name] = map[string]string{}
		for key, value := range values {
			secrets[name][key] = string(value.(pulumi.String))
		}
	}
	secrets["postgres-credentials"]["POSTGRES_USER"], secrets["postgres-credentials"]["POSTGRES_DB"] = "eddcloud", "eddcloud"
	return secrets
}

// prepare runs a server's init container and returns what it said.
func (d *coreDatabase) prepare(t *testing.T, name string) (string, error) {
	t.Helper()
	container := containers(d.resources.pod(t, "Deployment", name))["prepare"]
	var output bytes.Buffer
	err := d.finish(d.command(t, container, d.secrets(), name), &output)
	return output.String(), err
}

// finish runs a container that comes to an end, and ends one that does not.
func (d *coreDatabase) finish(program *exec.Cmd, output *bytes.Buffer) error {
	program.Stdout, program.Stderr = output, output
	program.WaitDelay = time.Second // what it started may hold its output open
	defer time.AfterFunc(patience, func() { _ = program.Cancel() }).Stop()
	return program.Run()
}

// start runs a server until its readiness probe passes.
func (d *coreDatabase) start(t *testing.T, name string) {
	t.Helper()
	output, err := d.prepare(t, name)
	require.NoError(t, err, output)
	d.startUnprepared(t, name)
}

func (d *coreDatabase) startUnprepared(t *testing.T, name string) {
	t.Helper()
	server := containers(d.resources.pod(t, "Deployment", name))["postgres"]
	d.running[name] = d.command(t, server, d.secrets(), name)
	launch(d.owner, d.running[name], d.log(name))
	eventually(t, name+" is ready", func() bool { return d.probe(t, name, "readinessProbe") == nil })
}

// probe runs a probe's own command at the address of a server.
func (d *coreDatabase) probe(t *testing.T, name, probe string) error {
	t.Helper()
	server := containers(d.resources.pod(t, "Deployment", name))["postgres"]
	words := command(t, dig(server, probe, "exec", "command"), map[string]string{"127.0.0.1": addresses["server "+name]})
	override := map[string]string{"PATH": d.bin + ":" + os.Getenv("PATH"), "PGPORT": strconv.Itoa(d.port)}
	_, err := execute(t, resolved(t, server, d.secrets(), override), words...)
	return err
}

// stop ends a server by the signal that the image names for it.
func (d *coreDatabase) stop(t *testing.T, name string, signal syscall.Signal) {
	t.Helper()
	require.NoError(t, d.running[name].Process.Signal(signal))
	_ = d.running[name].Wait()
}

// own gives a file to the user that runs PostgreSQL.
func (d *coreDatabase) own(t *testing.T, path string) {
	t.Helper()
	if d.who != nil {
		require.NoError(t, os.Chown(path, int(d.who.Uid), int(d.who.Gid)))
	}
}

func (d *coreDatabase) log(name string) string { return filepath.Join(d.folder, name, "server.log") }

// job runs the containers of the Job, each as long as the one before it
// succeeded, and returns what they said.
func (d *coreDatabase) job(t *testing.T) (string, error) {
	t.Helper()
	pod := d.resources.pod(t, "Job")
	script := dig(d.resources.one(t, "ConfigMap", "postgres-init").Inputs, "data", "databases.sql").(string)
	write(t, d.folder, map[string]string{"databases/databases.sql": script})
	var output bytes.Buffer
	for _, container := range append(list(pod, "spec", "initContainers"), list(pod, "spec", "containers")...) {
		program := d.command(t, container, d.secrets(), "job")
		for i, word := range program.Args {
			program.Args[i] = strings.ReplaceAll(word, "/etc/databases", filepath.Join(d.folder, "databases"))
		}
		if err := d.finish(program, &output); err != nil {
			return output.String(), fmt.Errorf("%v: %w", dig(container, "name"), err)
		}
	}
	return output.String(), nil
}

func (d *coreDatabase) mustJob(t *testing.T) {
	t.Helper()
	output, err := d.job(t)
	require.NoError(t, err, output)
	require.Empty(t, output)
}
