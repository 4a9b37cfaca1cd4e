package tests

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

// working is the stack local with another kind of worker and without Redis.
func working(t *testing.T, kind config.WorkerKind) *config.EPFL {
	t.Helper()
	cfg := rendered(t, "local").(*config.EPFL)
	worker := config.Worker{Kind: kind}
	if kind == config.WorkerPoller {
		worker.Replicas, worker.Resources = 1, cfg.Worker.Resources
	}
	cfg.Worker, cfg.Redis = worker, config.Redis{}
	require.Empty(t, cfg.Validate("local"))
	return cfg
}

// ofQueue is what only Celery and its queue have.
var ofQueue = []string{
	"platform:components:Worker celery-worker", "platform:components:Workload celery-worker",
	"kubernetes:apps/v1:Deployment celery-worker", "kubernetes:core/v1:ServiceAccount celery-worker",
	"kubernetes:core/v1:ConfigMap celery-worker-heartbeat",
	"kubernetes:networking.k8s.io/v1:NetworkPolicy celery-worker-network-policy",
	"platform:components:Redis redis", "platform:components:Workload redis",
	"kubernetes:apps/v1:Deployment redis", "kubernetes:core/v1:ServiceAccount redis", "kubernetes:core/v1:Service redis",
	"kubernetes:core/v1:ConfigMap redis", "kubernetes:core/v1:Secret redis-auth", "kubernetes:core/v1:PersistentVolumeClaim redis",
	"kubernetes:networking.k8s.io/v1:NetworkPolicy redis-network-policy",
	"kubernetes:networking.k8s.io/v1:NetworkPolicy redis-metrics-policy",
	"kubernetes:monitoring.coreos.com/v1:PodMonitor monitoring-redis",
}

func TestWorkerKindsMakeWhatTheyNeed(t *testing.T) {
	before := keys(record(t, "local", rendered(t, "local")))
	for kind, want := range map[config.WorkerKind][]string{
		config.WorkerNone: nil,
		config.WorkerPoller: {
			"platform:components:Poller backend-worker", "platform:components:Workload backend-worker",
			"kubernetes:apps/v1:Deployment backend-worker", "kubernetes:core/v1:ServiceAccount backend-worker",
			"kubernetes:networking.k8s.io/v1:NetworkPolicy backend-worker-network-policy",
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			after := keys(record(t, "local", working(t, kind)))
			added, changed := difference(before, after)
			assert.ElementsMatch(t, want, added)
			assert.ElementsMatch(t, []string{
				"kubernetes:apps/v1:Deployment backend", "kubernetes:batch/v1:Job backend-migrate",
				"kubernetes:core/v1:ConfigMap backend-config", // the Secret is masked
				"kubernetes:networking.k8s.io/v1:NetworkPolicy backend-network-policy",
				"kubernetes:networking.k8s.io/v1:NetworkPolicy postgres-network-policy",
				"kubernetes:monitoring.coreos.com/v1:PrometheusRule monitoring",
				"kubernetes:core/v1:ConfigMap monitoring-application-overview",
			}, changed)
			removed, _ := difference(after, before)
			assert.ElementsMatch(t, ofQueue, removed)
			assertNoQueue(t, after)
		})
	}
}

// assertNoQueue looks for the names of the queue wherever they may be left:
// in variables, policies, alerts and dashboards.
func assertNoQueue[R any](t *testing.T, resources map[string]R) {
	t.Helper()
	for key, resource := range resources {
		content, err := json.Marshal(resource)
		require.NoError(t, err)
		for _, word := range []string{"redis", "REDIS", "celery", "CELERY"} {
			assert.NotContains(t, string(content), word, "%s speaks of %s", key, word)
		}
	}
}
