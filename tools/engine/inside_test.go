package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"platform/config"
)

// inside is a session on a cluster of one's own that has these pods, with a
// kubectl that writes its arguments, a line each, to the returned output and
// does what the script says.
func inside(t *testing.T, stack, script string, pods ...*corev1.Pod) (*Session, *bytes.Buffer) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		list := corev1.PodList{}
		list.APIVersion, list.Kind = "v1", "PodList"
		for _, pod := range pods {
			list.Items = append(list.Items, *pod)
		}
		w.Header().Set("Content-Type", "application/json")
		assert.NoError(t, json.NewEncoder(w).Encode(list))
	}))
	t.Cleanup(server.Close)
	folder := t.TempDir()
	kubeconfig := api.NewConfig()
	kubeconfig.Clusters["c"] = &api.Cluster{Server: server.URL}
	kubeconfig.Contexts["mine"] = &api.Context{Cluster: "c"}
	require.NoError(t, clientcmd.WriteToFile(*kubeconfig, filepath.Join(folder, "kubeconfig")))
	program := "#!/bin/sh\nshift 6 # the flags that lead to the stack\n" + script + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "kubectl"), []byte(program), 0o755))
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))

	s := prepared(t, Options{Stack: stack, Context: "mine"})
	s.kubeconfig = filepath.Join(folder, "kubeconfig")
	var out bytes.Buffer
	s.attached = streams{strings.NewReader(""), &out, &out}
	return s, &out
}

const echoes = `printf '%s\n' "$*"`

func TestLogsAreThoseOfAllPods(t *testing.T) {
	s, out := inside(t, "local", echoes, servingPod("backend", "backend-1"))
	require.NoError(t, s.Logs(t.Context(), "backend", "-f"))
	assert.Equal(t, "logs --selector app.kubernetes.io/name=backend --prefix --all-containers --ignore-errors --tail 200 --max-log-requests 100 -f\n", out.String())
}

func TestKubectlIsLedToTheStack(t *testing.T) {
	s, _ := inside(t, "local", "")
	assert.Equal(t, []string{"--context", "mine", "--namespace", "co2-calculator-local", "--kubeconfig", s.kubeconfig}, s.target())
	s.kubeconfig = ""
	assert.Equal(t, []string{"--context", "mine", "--namespace", "co2-calculator-local"}, s.target(), "the user's")
}

func TestComponentsAreListed(t *testing.T) {
	waiting := loadedPod("celery-worker", "celery-worker-1", corev1.ContainerStatus{State: corev1.ContainerState{
		Waiting: &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff"},
	}})
	s, out := inside(t, "local", echoes, servingPod("backend", "backend-1"), servingPod("backend", "backend-2"), waiting)
	table := "\n  backend       2/2 ready\n  celery-worker 0/1 ready"
	for name, tc := range map[string]struct {
		run  func() error
		want string
	}{
		"no component":      {func() error { return s.Logs(t.Context(), "") }, "no component is named; set SERVICE to one of stack local" + table},
		"another component": {func() error { return s.Shell(t.Context(), "nginx") }, "stack local has no pod of component nginx" + table},
		"no database":       {func() error { return s.PSQL(t.Context(), "") }, "stack local has no pod of component postgres" + table},
		"not ready":         {func() error { return s.Shell(t.Context(), "celery-worker") }, "stack local: no pod of component celery-worker is ready\n  celery-worker-1: celery-worker has no image"},
	} {
		t.Run(name, func(t *testing.T) { assert.EqualError(t, tc.run(), tc.want) })
	}
	assert.Empty(t, out.String(), "nothing was run")

	empty, _ := inside(t, "local", echoes)
	assert.ErrorContains(t, empty.Logs(t.Context(), "backend"), "deploy it first: make up STACK=local")
}

func TestAShellIsWhatTheImageHas(t *testing.T) {
	lacks := func(words string) string {
		return `case "$*" in *"-- ` + words + ` -c exit 0") echo 'exec: "x": executable file not found in $PATH' >&2; exit 126;; *"exit 0") exit 0;; esac; ` + echoes
	}
	for name, tc := range map[string]struct {
		script, out, want string
	}{
		"sh":      {lacks("nothing"), "exec --stdin backend-1 --container backend -- sh -c id\n", ""},
		"bash":    {lacks("sh"), "exec --stdin backend-1 --container backend -- bash -c id\n", ""},
		"neither": {`echo 'exec: "sh": executable file not found in $PATH' >&2; exit 126`, "", "has neither sh nor bash, so there is no shell in pod backend-1"},
		"refused": {`echo 'Error from server (Forbidden): pods/exec' >&2; exit 1`, "", "shell in pod backend-1: Error from server (Forbidden): pods/exec"},
	} {
		t.Run(name, func(t *testing.T) {
			s, out := inside(t, "local", tc.script, servingPod("backend", "backend-1"))
			err := s.Shell(t.Context(), "backend", "-c", "id")
			if tc.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tc.want)
			}
			assert.Equal(t, tc.out, out.String())
		})
	}
}

func TestPSQLGoesToTheServerThatTakesWrites(t *testing.T) {
	s, out := inside(t, "local", echoes, servingPod("postgres", "postgres-0"))
	require.NoError(t, s.PSQL(t.Context(), "", "-c", "select 1"))
	assert.Equal(t, "exec --stdin postgres-0 --container postgres -- psql --username postgres --dbname co2calculator -c select 1\n", out.String())

	s, out = inside(t, "k3s-local", echoes, servingPod("postgres", "postgres-0"), servingPod("postgres-replica", "postgres-replica-0"))
	require.NoError(t, s.PSQL(t.Context(), "", "-d", "auth_db"))
	assert.Equal(t, "exec --stdin postgres-replica-0 --container postgres-replica -- psql --username eddcloud --dbname eddcloud -d auth_db\n", out.String(), "the one that was promoted")

	out.Reset()
	require.NoError(t, s.PSQL(t.Context(), "postgres"))
	assert.Contains(t, out.String(), "exec --stdin postgres-0 ", "the one that is asked for")

	servers := s.Config.(*config.EddCloud).Postgres.Servers
	for name, server := range servers {
		server.Role = config.RoleReplica
		servers[name] = server
	}
	assert.ErrorContains(t, s.PSQL(t.Context(), ""), "platform:postgres.servers (stack k3s-local): none that runs takes writes")
}

func TestAManagedDatabaseHasNoPod(t *testing.T) {
	s, _ := inside(t, "local", echoes, servingPod("backend", "backend-1"))
	postgres := &s.Config.(*config.EPFL).Postgres
	postgres.Mode, postgres.Managed.Host = config.PostgresManaged, "db.epfl.ch"
	assert.ErrorContains(t, s.PSQL(t.Context(), ""), "the database is managed, so no pod here runs it; connect to db.epfl.ch")
}

func TestExitCodesPassThrough(t *testing.T) {
	s, _ := inside(t, "local", `exit 3`, servingPod("postgres", "postgres-0"))
	assert.Equal(t, Exit{3}, s.PSQL(t.Context(), ""))
	s, _ = inside(t, "local", `kill -INT $$`, servingPod("postgres", "postgres-0"))
	assert.Equal(t, Exit{endedByUser}, s.PSQL(t.Context(), ""))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Equal(t, Exit{endedByUser}, s.kubectl(ended, s.attached, "logs"))
}

func TestNobodyEntersAProtectedStackByAScript(t *testing.T) {
	s, out := inside(t, "prod", echoes, servingPod("backend", "backend-1"), servingPod("postgres", "postgres-0"))
	for name, run := range map[string]func() error{
		"shell":      func() error { return s.Shell(t.Context(), "backend") },
		"psql":       func() error { return s.PSQL(t.Context(), "") },
		"with --yes": func() error { return s.PSQL(t.Context(), "", "--yes") },
	} {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, run(), "stack prod is protected, and there is no terminal to ask on")
		})
	}
	assert.Empty(t, out.String(), "nothing was run")
	require.NoError(t, s.Logs(t.Context(), "backend"), "reading harms nobody")
}
