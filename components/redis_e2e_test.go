//go:build e2e

package components_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/redis"
	"platform/tests/host"
)

// redisServer is a real server with the component's configuration.
type redisServer struct {
	args    redis.Args
	port    int
	folder  string
	program *exec.Cmd
}

// newRedis lays out the files of the ConfigMap, the Secret and the claim as
// the pod sees them.
func newRedis(t *testing.T, args redis.Args) *redisServer {
	t.Helper()
	for _, program := range []string{"redis-server", "redis-cli"} {
		if _, err := exec.LookPath(program); err != nil {
			host.Lacks(t, program+" is not on PATH; install the package redis-server")
		}
	}
	server := &redisServer{args: args, port: host.FreePort(t), folder: t.TempDir()}
	resources := run(t, registering("redis", redis.New, args))
	write(t, server.folder, map[string]string{
		"config/redis.conf": strings.Join(command(t, []any{dig(resources.one(t, "ConfigMap").Inputs, "data", "redis.conf")}, server.paths()), ""),
		"auth/auth.conf":    decoded(t, resources.one(t, "Secret"))["auth.conf"],
	})
	require.NoError(t, os.MkdirAll(filepath.Join(server.folder, "data"), 0o755))
	return server
}

func (s *redisServer) paths() map[string]string {
	return map[string]string{
		"/etc/redis-auth/": filepath.Join(s.folder, "auth") + "/",
		"/etc/redis/":      filepath.Join(s.folder, "config") + "/",
		"dir /data":        "dir " + filepath.Join(s.folder, "data"),
	}
}

// start runs the container's command line, on a port of the test, and waits
// until it answers.
func (s *redisServer) start(t *testing.T) {
	t.Helper()
	server := containers(run(t, registering("redis", redis.New, s.args)).pod(t, "Deployment"))["redis"]
	words := append(command(t, dig(server, "command"), s.paths()), "--port", strconv.Itoa(s.port), "--bind", "127.0.0.1")
	s.program = exec.Command(words[0], words[1:]...)
	launch(t, s.program, filepath.Join(s.folder, "server.log"))
	eventually(t, "a server that answers", func() bool { return s.probe(t, s.password(t)) == nil })
}

func (s *redisServer) password(t *testing.T) string {
	t.Helper()
	return decoded(t, run(t, registering("redis", redis.New, s.args)).one(t, "Secret"))["password"]
}

// probe runs the readiness probe's own command with a password.
func (s *redisServer) probe(t *testing.T, password string) error {
	t.Helper()
	server := containers(run(t, registering("redis", redis.New, s.args)).pod(t, "Deployment"))["redis"]
	words := command(t, dig(server, "readinessProbe", "exec", "command"), map[string]string{
		"redis-cli ping": "redis-cli -p " + strconv.Itoa(s.port) + " ping",
	})
	_, err := execute(t, []string{"PATH=" + os.Getenv("PATH"), "REDISCLI_AUTH=" + password}, words...)
	return err
}

// cli runs one command with the password.
func (s *redisServer) cli(t *testing.T, words ...string) string {
	t.Helper()
	environ := []string{"PATH=" + os.Getenv("PATH"), "REDISCLI_AUTH=" + s.password(t)}
	output, err := execute(t, environ, append([]string{"redis-cli", "-p", strconv.Itoa(s.port)}, words...)...)
	require.NoError(t, err, output)
	return strings.TrimSpace(output)
}

func TestRedisAsksForItsPassword(t *testing.T) {
	for name, password := range map[string]string{
		"letters":    "secret",
		"of a URL":   `p@ss/w:rd?#%`,
		"quotes":     `it's "quoted" \ back\\slash`,
		"letters é":  "é ü ∑ \u200b",
		"control":    "tab\tvertical\vfeed\fbell\aline\nreturn\r",
		"looks like": `"\x41 requirepass`,
	} {
		t.Run(name, func(t *testing.T) {
			args := redisArgs()
			args.Password = pulumi.String(password)
			server := newRedis(t, args)
			server.start(t)
			require.NoError(t, server.probe(t, password))
			assert.Error(t, server.probe(t, ""))
			assert.Error(t, server.probe(t, password+"x"))
			assert.Error(t, server.probe(t, password[:len(password)-1]))
		})
	}
}

func TestRedisRefusesWhatItCannotHold(t *testing.T) {
	args := redisArgs()
	args.MaxMemoryMiB = 8
	server := newRedis(t, args)
	server.start(t)
	assert.Equal(t, strconv.Itoa(8<<20), strings.Fields(server.cli(t, "config", "get", "maxmemory"))[1])
	server.cli(t, "rpush", "celery", "the first task")
	answer := ""
	for i := 0; i < 64 && answer != "OOM"; i++ {
		answer, _, _ = strings.Cut(server.cli(t, "setrange", "filler:"+strconv.Itoa(i), "1048576", "x"), " ")
	}
	assert.Equal(t, "OOM", answer)
	assert.Equal(t, "the first task", server.cli(t, "lrange", "celery", "0", "-1"), "a full queue drops no task")
	assert.Contains(t, server.cli(t, "info", "stats"), "evicted_keys:0")
	assert.NoError(t, server.probe(t, server.password(t)), "it can still be emptied")
}

func TestRedisFindsItsTasksAfterACrash(t *testing.T) {
	server := newRedis(t, redisArgs())
	server.start(t)
	server.cli(t, "rpush", "celery", "a task")
	time.Sleep(1500 * time.Millisecond) // the file is written out every second
	require.NoError(t, server.program.Process.Kill())
	require.Error(t, server.program.Wait())
	require.Error(t, server.probe(t, server.password(t)))
	server.start(t)
	assert.Equal(t, "a task", server.cli(t, "lrange", "celery", "0", "-1"))
}
