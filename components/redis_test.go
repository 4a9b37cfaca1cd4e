package components_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/redis"
)

// redisConf is the configuration by directive.
func redisConf(t *testing.T, resources record) map[string]string {
	t.Helper()
	directives := map[string]string{}
	for _, line := range strings.Split(dig(resources.one(t, "ConfigMap").Inputs, "data", "redis.conf").(string), "\n") {
		directive, value, _ := strings.Cut(line, " ")
		directives[directive] = value
	}
	return directives
}

// A queue must refuse what it cannot hold, since dropping a key drops a task,
// and find after a crash what it had accepted.
func TestRedisKeepsWhatItAccepts(t *testing.T) {
	resources := run(t, registering("redis", redis.New, redisArgs()))
	conf := redisConf(t, resources)
	assert.Equal(t, "noeviction", conf["maxmemory-policy"])
	assert.Equal(t, "yes", conf["appendonly"])
	assert.Equal(t, "everysec", conf["appendfsync"])
	most, err := strconv.Atoi(strings.TrimSuffix(conf["maxmemory"], "mb"))
	require.NoError(t, err)
	server := containers(resources.pod(t, "Deployment"))["redis"]
	limit, err := strconv.Atoi(strings.TrimSuffix(dig(server, "resources", "limits", "memory").(string), "Mi"))
	require.NoError(t, err)
	assert.Less(t, most, limit, "a full queue refuses before the kernel kills it")
	assert.Equal(t, conf["dir"], mountOf(server, "data"), "the file lies on the claim")
	assert.Equal(t, map[string]any{"type": "Recreate"}, dig(resources.one(t, "Deployment").Inputs, "spec", "strategy"))
	assert.Equal(t, 1.0, dig(resources.one(t, "Deployment").Inputs, "spec", "replicas"))
}

// mountOf is where a container sees a volume.
func mountOf(container any, volume string) any {
	for _, mount := range list(container, "volumeMounts") {
		if dig(mount, "name") == volume {
			return dig(mount, "mountPath")
		}
	}
	return nil
}

func TestRedisReadsItsPasswordFromTheSecret(t *testing.T) {
	resources := run(t, registering("redis", redis.New, redisArgs()))
	server := containers(resources.pod(t, "Deployment"))["redis"]
	assert.Equal(t, []any{"redis-server", mountOf(server, "config").(string) + "/redis.conf"}, dig(server, "command"))
	assert.Nil(t, dig(server, "args"))
	assert.Equal(t, map[string]any{"REDISCLI_AUTH": "redis-auth/password"}, environment(server))
	assert.Equal(t, fmt.Sprint(mountOf(server, "auth"), "/auth.conf"), redisConf(t, resources)["include"])
	assert.NotContains(t, redisConf(t, resources), "requirepass")
	for _, volume := range list(resources.pod(t, "Deployment"), "spec", "volumes") {
		if dig(volume, "name") == "auth" {
			assert.Equal(t, "redis-auth", dig(volume, "secret", "secretName"))
			assert.Equal(t, float64(0o440), dig(volume, "secret", "defaultMode"), "not for others")
		}
	}
}

// Redis knows no more escapes than these inside quotes; another one would
// make it a different password, or keep it from starting.
func TestRedisUnderstandsEachPassword(t *testing.T) {
	known := regexp.MustCompile(`^requirepass "(?:[^"\\\n]|\\["\\nrtba]|\\x[0-9a-f]{2})*"\n$`)
	var all strings.Builder
	for char := range rune(0x300) {
		if char > 0 {
			all.WriteRune(char)
		}
	}
	for _, password := range []string{`p@ss/w:rd?#%`, `say "hi"`, `back\slash`, "tab\tbell\a", "vertical\vfeed\f", "é ü", "zero\u200bwidth", all.String()} {
		args := redisArgs()
		args.Password = pulumi.String(password)
		content := decoded(t, run(t, registering("redis", redis.New, args)).one(t, "Secret"))
		assert.Regexp(t, known, content["auth.conf"])
		assert.Equal(t, password, content["password"])
	}
}

func TestRedisRestartsForItsPassword(t *testing.T) {
	revision := func(mutate func(*redis.Args)) any {
		args := redisArgs()
		mutate(&args)
		pod := run(t, registering("redis", redis.New, args)).pod(t, "Deployment")
		return dig(pod, "metadata", "annotations", "platform/revision")
	}
	before := revision(func(*redis.Args) {})
	assert.Equal(t, before, revision(func(*redis.Args) {}))
	assert.NotEqual(t, before, revision(func(a *redis.Args) { a.Password = secretValue("other") }))
	assert.NotEqual(t, before, revision(func(a *redis.Args) { a.MaxMemoryMiB = 300 }))
}

func TestRedisExporterReportsTheQueue(t *testing.T) {
	resources := run(t, registering("redis", redis.New, redisArgs()))
	exporter := containers(resources.pod(t, "Deployment"))["exporter"]
	assert.Equal(t, map[string]any{
		"REDIS_ADDR": "redis://localhost:6379", "REDIS_EXPORTER_CHECK_SINGLE_KEYS": "celery", "REDIS_PASSWORD": "redis-auth/password",
	}, environment(exporter))
	assert.Equal(t, float64(redis.MetricsPort), dig(exporter, "ports", 0, "containerPort"))
	assert.Equal(t, "metrics", dig(exporter, "ports", 0, "name"))
}

func TestRedisTellsWhereItIs(t *testing.T) {
	run(t, func(ctx *pulumi.Context) error {
		broker, err := redis.New(ctx, "redis", redisArgs())
		if err != nil {
			return err
		}
		assert.Equal(t, "redis-service", broker.Queue.Host)
		assert.Equal(t, 6379, broker.Queue.Port)
		return nil
	})
}
