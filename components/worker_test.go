package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
)

func TestWorkerHasTimeToFinish(t *testing.T) {
	for _, seconds := range []int{1, 300, 3600} {
		args := workerArgs()
		args.LongestTaskSeconds = seconds
		pod := run(t, registering("celery-worker", backend.NewWorker, args)).pod(t, "Deployment")
		assert.Greater(t, dig(pod, "spec", "terminationGracePeriodSeconds"), float64(seconds))
	}
}

// SIGTERM goes to the first process of a container: a shell would swallow it,
// and the workers would be killed in the middle of their tasks.
func TestWorkerIsTheFirstProcess(t *testing.T) {
	pod := run(t, registering("celery-worker", backend.NewWorker, workerArgs())).pod(t, "Deployment")
	command := dig(containers(pod)["celery-worker"], "command")
	require.Len(t, command, 3)
	assert.Equal(t, []any{"sh", "-c"}, command.([]any)[:2])
	start := dig(command, 2).(string)
	assert.Contains(t, start, " exec celery -A app.worker worker ")
	assert.Contains(t, start, "--concurrency 2 ")
	assert.NotContains(t, start, ";")
	assert.NotContains(t, start, "&")
}

func TestWorkerServesNobody(t *testing.T) {
	resources := run(t, registering("celery-worker", backend.NewWorker, workerArgs()))
	assert.ElementsMatch(t, []string{
		"ConfigMap celery-worker-heartbeat", "ServiceAccount celery-worker",
		"Deployment celery-worker", "PodDisruptionBudget celery-worker",
	}, resources.names())
	assert.Equal(t, "celery-worker", dig(resources.one(t, "Deployment").Inputs, "metadata", "name"), "kubectl users know it by that name")
}

// One file ties three things together: the module that touches it, the probe
// that looks at it, and the volume that it lies on.
func TestWorkerHeartbeat(t *testing.T) {
	const beat = "/tmp/worker-heartbeat"
	resources := run(t, registering("celery-worker", backend.NewWorker, workerArgs()))
	config := resources.one(t, "ConfigMap")
	assert.Contains(t, dig(config.Inputs, "data", "worker_heartbeat.py"), `Path("`+beat+`")`)
	worker := containers(resources.pod(t, "Deployment"))["celery-worker"]
	for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
		assert.Contains(t, dig(worker, probe, "exec", "command", 2), beat)
	}
	paths := map[any]any{}
	for _, mount := range list(worker, "volumeMounts") {
		paths[dig(mount, "mountPath")] = dig(mount, "readOnly")
	}
	assert.Equal(t, map[any]any{"/tmp": nil, "/app/files_storage": nil, "/etc/worker-heartbeat": true}, paths)
	assert.Contains(t, dig(worker, "command", 2), `PYTHONPATH="/etc/worker-heartbeat${PYTHONPATH:+:$PYTHONPATH}"`)
	assert.Contains(t, dig(worker, "command", 2), "--include worker_heartbeat ")
}

func TestWorkerReadsWhatTheBackendReads(t *testing.T) {
	api := run(t, registering("backend", backend.New, backendArgs()))
	worker := run(t, registering("celery-worker", backend.NewWorker, workerArgs()))
	server, celery := containers(api.pod(t, "Deployment"))["backend"], containers(worker.pod(t, "Deployment"))["celery-worker"]
	assert.Equal(t, environment(server), environment(celery))
	assert.Equal(t, dig(server, "envFrom"), dig(celery, "envFrom"))
	assert.Equal(t, dig(server, "image"), dig(celery, "image"))
}

func TestWorkerStartsAfterTheMigration(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		api, err := backend.New(ctx, "backend", backendArgs())
		if err != nil {
			return err
		}
		_, err = backend.NewWorker(ctx, "celery-worker", workerArgs(), pulumi.DependsOn(api.Ready))
		return err
	})
	worker := resources.one(t, "Deployment", "celery-worker")
	assert.True(t, dependsOn(worker, "Job", "backend-migrate"))
	assert.True(t, dependsOn(worker, "Secret", "backend-secrets"))
	assert.True(t, dependsOn(worker, "ConfigMap", "backend-config"))
}

func TestWorkerRestartsForItsSettings(t *testing.T) {
	revision := func(mutate func(*backend.WorkerArgs)) string {
		args := workerArgs()
		mutate(&args)
		pod := run(t, registering("celery-worker", backend.NewWorker, args)).pod(t, "Deployment")
		return dig(pod, "metadata", "annotations", "platform/revision").(string)
	}
	before := revision(func(*backend.WorkerArgs) {})
	assert.Equal(t, before, revision(func(a *backend.WorkerArgs) { a.Replicas = 3 }))
	assert.NotEqual(t, before, revision(func(a *backend.WorkerArgs) { a.Settings.LogLevel = "DEBUG" }))
	assert.NotEqual(t, before, revision(func(a *backend.WorkerArgs) { a.Settings.Queue.Password = secretValue("other") }))
}
