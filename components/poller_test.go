package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/backend"
)

func TestPollerServesNobody(t *testing.T) {
	resources := run(t, registering("backend-worker", backend.NewPoller, pollerArgs()))
	assert.ElementsMatch(t, []string{
		"ServiceAccount backend-worker", "Deployment backend-worker", "PodDisruptionBudget backend-worker",
	}, resources.names())
}

// The poller is the backend's image, started as it is, with both switches on.
func TestPollerRunsJobs(t *testing.T) {
	pod := run(t, registering("backend-worker", backend.NewPoller, pollerArgs())).pod(t, "Deployment")
	poller := containers(pod)["backend-worker"]
	variables := environment(poller)
	assert.Equal(t, "true", variables["RUN_BACKGROUND_POLLER"])
	assert.Equal(t, "true", variables["DISPATCH_JOBS_INLINE"])
	assert.Equal(t, "backend-secrets/DB_URL", variables["DB_URL"])
	for _, name := range []string{"REDIS_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"} {
		assert.NotContains(t, variables, name, "a poller needs no broker")
	}
	assert.Nil(t, dig(poller, "command"), "the image knows how to start")
	assert.Equal(t, 60.0, dig(pod, "spec", "terminationGracePeriodSeconds"), "to hand jobs back")
	assert.Equal(t, 1001.0, dig(pod, "spec", "securityContext", "runAsUser"))
	for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
		assert.Equal(t, "/healthz", dig(poller, probe, "httpGet", "path"), "a poller that waits for the database is alive")
	}
}

func TestPollerRestartsForItsSettings(t *testing.T) {
	revision := func(mutate func(*backend.PollerArgs)) any {
		args := pollerArgs()
		mutate(&args)
		pod := run(t, registering("backend-worker", backend.NewPoller, args)).pod(t, "Deployment")
		return dig(pod, "metadata", "annotations", "platform/revision")
	}
	before := revision(func(*backend.PollerArgs) {})
	assert.NotEmpty(t, before)
	assert.Equal(t, before, revision(func(a *backend.PollerArgs) { a.Replicas = 3 }))
	assert.NotEqual(t, before, revision(func(a *backend.PollerArgs) { a.Settings.LogLevel = "DEBUG" }))
}
