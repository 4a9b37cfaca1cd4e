package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// without is the fixture with another kind of worker, and with no Redis.
func without(kind WorkerKind, more ...change) []change {
	worker := map[string]any{"kind": string(kind)}
	if kind == WorkerPoller {
		worker["replicas"], worker["resources"] = 1, fixtureResources
	}
	return append([]change{{"worker", worker}, {"redis", absent}, {"secrets.infisical.values[redis-auth/password]", absent}}, more...)
}

var fixtureResources = map[string]any{
	"requests": map[string]any{"cpu": "100m", "memory": "256Mi"}, "limits": map[string]any{"cpu": "500m", "memory": "1Gi"},
}

func TestWorkerIsCeleryUnlessSaidOtherwise(t *testing.T) {
	c, err := parseChanged(t)
	require.NoError(t, err)
	assert.Equal(t, WorkerCelery, c.Worker.Kind)
	assert.True(t, c.HasRedis())
}

func TestWorkerKindsWithoutRedis(t *testing.T) {
	for kind, pods := range map[WorkerKind]string{WorkerPoller: "11", WorkerNone: "9"} {
		c, err := parseChanged(t, without(kind)...)
		require.NoError(t, err, kind)
		assert.False(t, c.HasRedis(), kind)
		assert.Zero(t, c.Redis, "nothing is filled in")
		assert.Empty(t, c.Worker.Module, "Celery's settings have no defaults beside another kind")
		assert.NotContains(t, names(c.SecretValues()), "redis-auth/password", kind)
		_, count := c.demand()
		assert.Equal(t, pods, count.String(), kind)
		for _, claim := range c.claims() {
			assert.NotEqual(t, "redis", claim.key)
		}
	}
}

// Whoever still configures Redis has it, whatever runs the jobs.
func TestRedisBesideAnotherKind(t *testing.T) {
	c, err := parseChanged(t, change{"worker", map[string]any{"kind": "none"}})
	require.NoError(t, err)
	assert.True(t, c.HasRedis())
	assert.Equal(t, 192, c.Redis.MaxMemoryMiB)
	assert.Contains(t, names(c.SecretValues()), "redis-auth/password")
}

func TestWorkerRejects(t *testing.T) {
	const useless, remedy = "which has no use for it", "remove it, or choose another kind of worker,"
	reject(t, map[string]bad{
		"unknown kind":           {on("worker.kind", "rq"), "worker.kind", `"rq" is not a value it knows`, "choose one of celery, poller, none"},
		"poller of none":         {without(WorkerPoller, change{"worker.replicas", 0}), "worker.replicas", "0 is under the floor of 1", "raise it to 1 or more"},
		"poller's module":        {without(WorkerPoller, change{"worker.module", "app.worker"}), "worker.module", "it is set, and kind is poller, " + useless, remedy},
		"poller's processes":     {without(WorkerPoller, change{"worker.concurrency", 2}), "worker.concurrency", "it is set, and kind is poller, " + useless, remedy},
		"poller's longest task":  {without(WorkerPoller, change{"worker.longestTaskSeconds", 9}), "worker.longestTaskSeconds", "it is set, and kind is poller, " + useless, remedy},
		"replicas of none":       {without(WorkerNone, change{"worker.replicas", 1}), "worker.replicas", "it is set, and kind is none, " + useless, remedy},
		"resources of none":      {without(WorkerNone, change{"worker.resources", fixtureResources}), "worker.resources", "it is set, and kind is none, " + useless, remedy},
		"selector of none":       {without(WorkerNone, change{"worker.nodeSelector", map[string]any{"disk": "fast"}}), "worker.nodeSelector", "it is set, and kind is none, " + useless, remedy},
		"half a Redis":           {without(WorkerPoller, change{"redis.image", "redis"}, change{"redis.resources", fixtureResources}, change{"redis.storageGiB", 1}, change{"redis.storageClass", "rcp-nas"}, change{"monitoring.enabled", false}, change{"quota.limits.memory", "11Gi"}, change{"quota.requests.memory", "5Gi"}), "redis.image", `"redis" names no version`, "pin it as repository:tag or repository@digest"},
		"Celery without a queue": {[]change{{"redis", absent}, {"redis.image", "redis:7.4-alpine"}, {"redis.resources", fixtureResources}, {"redis.storageClass", "rcp-nas"}, {"monitoring.enabled", false}, {"quota.limits.memory", "11Gi"}, {"quota.requests.memory", "5Gi"}}, "redis.storageGiB", "0 is under the floor of 1", "raise it to 1 or more"},
		"reaches no Redis": {
			append(without(WorkerPoller), withDocs("docs", map[string]any{"reaches": []any{"redis"}})...), "services[docs].reaches[0]",
			`"redis" is not there: the kind of worker needs none, and nothing of it is configured`, "remove it, or configure platform:redis,",
		},
		"the poller's name": {withDocs("backend-worker", nil), "services[backend-worker]", `"backend-worker" is the name of a part of the platform`, "choose a name such as docs"},
	})
}

func TestCeleryNeedsRedis(t *testing.T) {
	_, err := parseChanged(t, change{"redis", absent}, change{"monitoring.enabled", false})
	assert.Equal(t, []string{
		"redis.image", "redis.resources.limits.cpu", "redis.resources.limits.memory", "redis.resources.requests.cpu",
		"redis.resources.requests.memory", "redis.storageClass", "redis.storageGiB",
	}, keysOf(t, err))
}
