//go:build e2e

package components_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/config"
	"platform/tests/host"
)

// proxy is a real HAProxy with the component's configuration, in front of the
// servers themselves.
type proxy struct {
	database    *coreDatabase
	port, stats int
}

// conf is haproxy.cfg with the addresses of the test, and nothing else changed.
func (p proxy) conf(t *testing.T) string {
	t.Helper()
	conf := dig(run(t, registering("haproxy", postgres.NewHAProxy, haproxyArgs())).one(t, "ConfigMap").Inputs, "data", "haproxy.cfg").(string)
	for from, to := range map[string]string{
		"bind :5432": fmt.Sprintf("bind 127.0.0.1:%d", p.port),
		"bind :8404": fmt.Sprintf("bind 127.0.0.1:%d", p.stats),
		`"postgres.${NAMESPACE}.svc.cluster.local:5432"`:         fmt.Sprintf("%s:%d", addresses["server postgres"], p.database.port),
		`"postgres-replica.${NAMESPACE}.svc.cluster.local:5432"`: fmt.Sprintf("%s:%d", addresses["server postgres-replica"], p.database.port),
	} {
		require.Equal(t, 1, strings.Count(conf, from), from)
		conf = strings.Replace(conf, from, to, 1)
	}
	return conf
}

func startProxy(t *testing.T, database *coreDatabase, change ...string) proxy {
	t.Helper()
	p := proxy{database: database, port: host.FreePort(t), stats: host.FreePort(t)}
	folder := t.TempDir()
	write(t, folder, map[string]string{"haproxy.cfg": strings.NewReplacer(change...).Replace(p.conf(t))})
	launch(t, exec.Command(haproxyProgram(t), "-db", "-f", filepath.Join(folder, "haproxy.cfg")), filepath.Join(folder, "log"))
	eventually(t, "HAProxy lives", func() bool { return p.get(t, "/live").status == http.StatusOK })
	return p
}

func haproxyProgram(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		host.Lacks(t, "haproxy is not on PATH; install the package haproxy")
	}
	return path
}

type answer struct {
	status int
	body   string
}

func (p proxy) get(t *testing.T, path string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(p.stats)+path, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return answer{}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, string(body)}
}

// enter opens a session through HAProxy.
func (p proxy) enter(t *testing.T) (*pgx.Conn, error) {
	t.Helper()
	return p.database.connect(t, "127.0.0.1", p.port, "auth_svc", canary+"auth", "auth_db")
}

// server is the one that a session through HAProxy reaches, and empty when
// HAProxy lets nobody in.
func (p proxy) server(t *testing.T) string {
	t.Helper()
	session, err := p.enter(t)
	if err != nil {
		return ""
	}
	defer session.Close(context.Background())
	var name string
	if session.QueryRow(t.Context(), "SHOW cluster_name").Scan(&name) != nil {
		return ""
	}
	return name
}

func (p proxy) leads(t *testing.T, server string) {
	t.Helper()
	since := time.Now()
	eventually(t, fmt.Sprintf("HAProxy leads to %q", server), func() bool { return p.server(t) == server })
	t.Logf("HAProxy leads to %q after %s", server, time.Since(since).Round(100*time.Millisecond))
}

func pairOnPostgreSQL(t *testing.T) *coreDatabase {
	t.Helper()
	haproxyProgram(t)
	database := newCoreDatabase(t, pairArgs())
	database.start(t, "postgres")
	database.mustJob(t)
	database.start(t, "postgres-replica")
	return database
}

func TestHAProxyAcceptsItsConfiguration(t *testing.T) {
	conf := dig(run(t, registering("haproxy", postgres.NewHAProxy, haproxyArgs())).one(t, "ConfigMap").Inputs, "data", "haproxy.cfg").(string)
	folder := write(t, t.TempDir(), map[string]string{"haproxy.cfg": conf})
	output, err := execute(t, []string{"NAMESPACE=core"}, haproxyProgram(t), "-c", "-f", filepath.Join(folder, "haproxy.cfg"))
	require.NoError(t, err, output)
	assert.Contains(t, output, "could not resolve address 'postgres.core.svc.cluster.local'", "it starts before the Services do")
}

func TestHAProxyFindsTheWriter(t *testing.T) {
	database := pairOnPostgreSQL(t)
	p := startProxy(t, database)
	p.leads(t, "postgres")

	t.Run("and no other", func(t *testing.T) {
		eventually(t, "it is ready", func() bool { return p.get(t, "/ready").status == http.StatusOK })
		for range 20 {
			assert.Equal(t, "postgres", p.server(t))
		}
	})
	t.Run("metrics tell which", func(t *testing.T) {
		metrics := p.get(t, "/metrics").body
		assert.Contains(t, metrics, `haproxy_server_status{proxy="postgres",server="postgres",state="UP"} 1`)
		assert.Contains(t, metrics, `haproxy_server_status{proxy="postgres",server="postgres-replica",state="DOWN"} 1`)
		assert.Equal(t, http.StatusOK, p.get(t, "/").status)
	})
	t.Run("a check is no error to the servers", func(t *testing.T) {
		for _, server := range []string{"postgres", "postgres-replica"} {
			assert.Zero(t, database.ask(t, server, "SELECT sessions_fatal + sessions_killed + sessions_abandoned FROM pg_stat_database WHERE datname = 'postgres'"))
			log, err := os.ReadFile(database.log(server))
			require.NoError(t, err)
			assert.NotContains(t, string(log), "connection to client lost")
			assert.NotContains(t, string(log), "could not receive data from client")
		}
	})
	t.Run("one that hangs loses its sessions", func(t *testing.T) {
		session, err := p.enter(t)
		require.NoError(t, err)
		hanging := database.running["postgres"].Process
		require.NoError(t, hanging.Signal(syscall.SIGSTOP))
		defer func() { _ = hanging.Signal(syscall.SIGCONT) }()
		since := time.Now()
		eventually(t, "nobody gets in", func() bool { return p.get(t, "/ready").status == http.StatusServiceUnavailable })
		assert.Empty(t, p.server(t))
		require.Error(t, session.Ping(t.Context()), "its process would still answer")
		assert.Less(t, time.Since(since), 25*time.Second, "an idle session lasts 30 s anyway")
		assert.Equal(t, http.StatusOK, p.get(t, "/live").status, "HAProxy is not to blame")
	})
	p.leads(t, "postgres")
	t.Run("one that is promoted after another's death", func(t *testing.T) {
		session, err := p.enter(t)
		require.NoError(t, err)
		database.stop(t, "postgres", syscall.SIGKILL)
		eventually(t, "its sessions end", func() bool { return session.Ping(t.Context()) != nil })
		p.leads(t, "")
		database.up(t, func(a *postgres.ServersArgs) {
			turn(a, "postgres", false, config.RolePrimary)
			turn(a, "postgres-replica", true, config.RolePromoted)
		})
		output, err := database.job(t)
		require.NoError(t, err, output)
		p.leads(t, "postgres-replica")
	})
	t.Run("not one of two", func(t *testing.T) {
		database.startUnprepared(t, "postgres") // as a node that comes back would
		p.leads(t, "")
		assert.Equal(t, http.StatusServiceUnavailable, p.get(t, "/ready").status)
		database.stop(t, "postgres", syscall.SIGINT)
		p.leads(t, "postgres-replica")
	})
}

func TestHAProxyHasClientsWait(t *testing.T) {
	p := startProxy(t, pairOnPostgreSQL(t), "maxconn 90", "maxconn 2")
	p.leads(t, "postgres")
	var sessions []*pgx.Conn
	for range 2 {
		session, err := p.enter(t)
		require.NoError(t, err)
		sessions = append(sessions, session)
	}
	third := make(chan error, 1)
	go func() {
		session, err := p.enter(t) //nolint:testifylint // what it requires of its own fixture held twice above
		if err == nil {
			err = session.Ping(context.Background())
		}
		third <- err
	}()
	select {
	case err := <-third:
		require.Fail(t, "the third got in or was sent away", "%v", err)
	case <-time.After(3 * time.Second):
	}
	require.NoError(t, sessions[0].Close(t.Context()))
	select {
	case err := <-third:
		require.NoError(t, err)
	case <-time.After(patience):
		require.Fail(t, "the third still waits")
	}
}
