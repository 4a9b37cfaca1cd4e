//go:build e2e

package components_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
	"platform/components/redis"
	"platform/tests/host"
)

// application is a Celery application that configures itself as the backend's
// image does: by the variables of its Secret.
const application = `import os
import time
from pathlib import Path

from celery import Celery

app = Celery("app", broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_RESULT_BACKEND"])


@app.task
def slow(name, seconds):
    Path(name + ".started").touch()
    time.sleep(seconds)
    Path(name + ".done").touch()
`

// celeryWorker is a real worker, started as the container starts it.
type celeryWorker struct {
	container any
	paths     map[string]string // of the container to those of the test
	environ   []string
	probe     []string // the liveness probe's own command
	folder    string
	broker    *redisServer
	program   *exec.Cmd
}

// celeryPython is a Python that has Celery and its Redis transport.
func celeryPython(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import celery, redis").Run() == nil {
			path, err := exec.LookPath(python)
			require.NoError(t, err)
			return path
		}
	}
	host.Lacks(t, "no python3 has the modules celery and redis; install the packages python3-celery and python3-redis")
	return ""
}

func startWorker(t *testing.T) *celeryWorker {
	t.Helper()
	python := celeryPython(t)
	broker := newRedis(t, redisArgs())
	broker.start(t)

	args, api := workerArgs(), backendArgs()
	args.Settings.Queue = &redis.Queue{Host: "127.0.0.1", Port: broker.port, Password: broker.args.Password}
	api.Settings = args.Settings
	worker := run(t, registering("celery-worker", backend.NewWorker, args))
	read := run(t, registering("backend", backend.New, api))

	w := &celeryWorker{container: containers(worker.pod(t, "Deployment"))["celery-worker"], folder: t.TempDir(), broker: broker}
	w.paths = map[string]string{
		"/etc/worker-heartbeat": filepath.Join(w.folder, "modules"),
		"/tmp/worker-heartbeat": w.beat(),
	}
	module := dig(worker.one(t, "ConfigMap").Inputs, "data", "worker_heartbeat.py")
	write(t, w.folder, map[string]string{
		"modules/worker_heartbeat.py": command(t, []any{module}, w.paths)[0],
		"image/app/__init__.py":       "",
		"image/app/worker.py":         application,
	})
	require.NoError(t, os.MkdirAll(filepath.Join(w.folder, "tmp"), 0o755))
	celery := filepath.Join(w.folder, "bin", "celery")
	write(t, w.folder, map[string]string{"bin/celery": "#!/bin/sh\nexec " + python + " -m celery \"$@\"\n"})
	require.NoError(t, os.Chmod(celery, 0o755))

	secrets := map[string]map[string]string{"backend-secrets": decoded(t, read.one(t, "Secret"))}
	values := map[string]string{
		"PATH": filepath.Dir(celery) + ":" + os.Getenv("PATH"), "HOSTNAME": "celery-worker-0",
		"PYTHONPATH": filepath.Join(w.folder, "image"), // an image's own search path must survive
	}
	for key, value := range read.one(t, "ConfigMap").Inputs["data"].(map[string]any) {
		values[key] = value.(string)
	}
	w.environ = resolved(t, w.container, secrets, values)

	words := command(t, dig(w.container, "command"), w.paths)
	w.program = exec.Command(words[0], words[1:]...)
	w.program.Env, w.program.Dir = w.environ, w.folder
	launch(t, w.program, filepath.Join(w.folder, "worker.log"))
	w.probe = command(t, dig(w.container, "livenessProbe", "exec", "command"), w.paths)
	eventually(t, "a worker that is alive", w.alive)
	return w
}

func (w *celeryWorker) beat() string { return filepath.Join(w.folder, "tmp", "beat") }

func (w *celeryWorker) alive() bool { return w.measured(context.Background(), w.probe...).Success() }

// measured runs a command in the worker's environment to its end.
func (w *celeryWorker) measured(ctx context.Context, words ...string) *os.ProcessState {
	program := exec.CommandContext(ctx, words[0], words[1:]...)
	program.Env, program.Dir = w.environ, w.folder
	_ = program.Run()
	return program.ProcessState
}

// touched is when the heartbeat was last seen.
func (w *celeryWorker) touched(t *testing.T) time.Time {
	t.Helper()
	info, err := os.Stat(w.beat())
	require.NoError(t, err)
	return info.ModTime()
}

// send queues a task and waits for it to start.
func (w *celeryWorker) send(t *testing.T, name string, seconds int) string {
	t.Helper()
	path := w.queue(t, name, seconds)
	eventually(t, "a task that starts", func() bool { return exists(path + ".started") })
	return path
}

// queue queues a task by the application's own code.
func (w *celeryWorker) queue(t *testing.T, name string, seconds int) string {
	t.Helper()
	path := filepath.Join(w.folder, name)
	code := fmt.Sprintf("from app.worker import slow; slow.delay(%q, %d)", path, seconds)
	output, err := execute(t, w.environ, celeryPython(t), "-c", code)
	require.NoError(t, err, output)
	return path
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// requireFresh watches the heartbeat for some time.
func (w *celeryWorker) requireFresh(t *testing.T, during time.Duration) {
	t.Helper()
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
		require.Less(t, time.Since(w.touched(t)), 5*time.Second, "it is touched every two seconds")
	}
}

func TestWorkerIsAlive(t *testing.T) {
	w := startWorker(t)
	w.requireFresh(t, 7*time.Second)
	path := w.send(t, "task", 6)
	w.requireFresh(t, 5*time.Second)
	require.True(t, w.alive(), "a worker at work is alive")
	eventually(t, "a task that ends", func() bool { return exists(path + ".done") })
	w.compareProbes(t)
}

// compareProbes logs what a probe costs, against the one that is usual.
func (w *celeryWorker) compareProbes(t *testing.T) {
	t.Helper()
	usual := w.measured(t.Context(), "sh", "-c", `celery -A app.worker inspect ping -d "celery@$HOSTNAME"`)
	assert.True(t, usual.Success())
	ours := w.measured(t.Context(), w.probe...)
	cost := func(state *os.ProcessState) time.Duration { return state.UserTime() + state.SystemTime() }
	t.Logf("CPU of one probe: heartbeat %s, celery inspect ping %s", cost(ours), cost(usual))
	assert.Less(t, cost(ours), cost(usual)/10)
}

// A broker that does not answer, one that is gone: both are a worker that
// gets no tasks.
func TestWorkerWithoutItsBrokerIsNot(t *testing.T) {
	w := startWorker(t)
	stale := func(t *testing.T) {
		t.Helper()
		time.Sleep(5 * time.Second) // a heartbeat may be under way
		then := time.Now().Add(-61 * time.Second)
		require.NoError(t, os.Chtimes(w.beat(), then, then))
		time.Sleep(6 * time.Second)
		assert.Less(t, w.touched(t).Unix(), time.Now().Add(-60*time.Second).Unix(), "nobody touches it")
		assert.False(t, w.alive())
	}
	require.NoError(t, w.broker.program.Process.Signal(syscall.SIGSTOP))
	stale(t)
	require.NoError(t, w.broker.program.Process.Signal(syscall.SIGCONT))
	eventually(t, "a worker that recovers", w.alive)

	require.NoError(t, w.broker.program.Process.Kill())
	_ = w.broker.program.Wait()
	stale(t)
	w.broker.start(t)
	w.requireHonest(t)
}

// requireHonest accepts a worker that takes tasks again after it lost its
// broker, and one that does not, as some versions of Celery, and says so.
func (w *celeryWorker) requireHonest(t *testing.T) {
	t.Helper()
	time.Sleep(15 * time.Second) // it tries again after 2, 4 and 6 seconds
	path := w.queue(t, "task", 0)
	time.Sleep(5 * time.Second)
	t.Logf("after the broker came back: takes tasks %v, alive %v", exists(path+".done"), w.alive())
	assert.Equal(t, exists(path+".done"), w.alive())
}

func TestWorkerFinishesItsTask(t *testing.T) {
	w := startWorker(t)
	path := w.send(t, "task", 5)
	require.NoError(t, w.program.Process.Signal(syscall.SIGTERM))
	require.False(t, exists(path+".done"), "it is in the middle of it")
	require.NoError(t, w.program.Wait(), "a stopped worker is no failed one")
	assert.True(t, exists(path+".done"))
	assert.False(t, w.alive())
	assert.False(t, exists(w.beat()), "its successor on the same volume starts without one")
	assert.Equal(t, "0", w.broker.cli(t, "hlen", "unacked"), "the task is acknowledged, so it runs once")
}

// A pod's HOSTNAME names its worker, so that each can be asked by name.
func TestWorkerIsKnownByItsPod(t *testing.T) {
	w := startWorker(t)
	output, err := execute(t, w.environ, filepath.Join(w.folder, "bin", "celery"), "-A", "app.worker", "inspect", "ping", "-d", "celery@celery-worker-0")
	require.NoError(t, err, output)
	assert.Contains(t, output, "1 node online")
	assert.Contains(t, output, "celery@celery-worker-0")
}
