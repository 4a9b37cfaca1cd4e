package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// Redis' Service and ports.
const (
	RedisService     = "redis-service"
	RedisPort        = 6379
	RedisMetricsPort = 9121 // redis_exporter's default
	redisUser        = 999  // the image's redis user
)

// Redis is the queue between backend and workers. What is queued survives a
// restart: every write is appended to a file on a claim.
type Redis struct {
	pulumi.ResourceState
	Queue Queue
}

// RedisArgs shapes the queue.
type RedisArgs struct {
	config.Redis
	App      App
	Password pulumi.StringInput // secret
	Protect  bool               // protect the claim, and retain it when it is taken out of the program
}

// NewRedis registers Redis behind redis-service, port 6379.
func NewRedis(ctx *pulumi.Context, name string, args RedisArgs, opts ...pulumi.ResourceOption) (*Redis, error) {
	r := &Redis{Queue: Queue{Host: RedisService, Port: RedisPort, Password: args.Password}}
	return register(ctx, "Redis", name, r, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		files := map[string]string{"redis.conf": args.conf()}
		configMap, err := newConfigMap(ctx, name, args.App.unnamed(config.RedisName), files, child)
		if err != nil {
			return nil, err
		}
		values := pulumi.StringMap{"password": args.Password, "auth.conf": args.Password.ToStringOutput().ApplyT(requirepass).(pulumi.StringOutput)}
		secret, err := newSecret(ctx, config.RedisSecret, args.App, config.RedisName, config.RedisSecret, values, child)
		if err != nil {
			return nil, err
		}
		claim, err := newClaim(ctx, name, args.claim(), child)
		if err != nil {
			return nil, err
		}
		workload := args.workload(configMap.Metadata.Name().Elem(), claim)
		workload.Pod.Revision = Revision(files, values)
		// A pod that starts before a changed password is in the Secret would keep the old one.
		_, err = NewWorkload(ctx, name, workload, child, pulumi.DependsOn([]pulumi.Resource{secret}))
		return nil, err
	})
}

// requirepass spells a password for Redis, which reads fewer escapes than Go
// writes: whatever is no letter or digit goes in as its bytes.
func requirepass(password string) string {
	var spelled strings.Builder
	for _, b := range []byte(inRedisConf.mark(password)) {
		if b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' {
			spelled.WriteByte(b)
			continue
		}
		fmt.Fprintf(&spelled, `\x%02x`, b)
	}
	return fmt.Sprintf("requirepass \"%s\"\n", spelled.String())
}

func (a RedisArgs) claim() claimArgs {
	return claimArgs{
		app: a.App, component: config.RedisName, name: "redis-data",
		storageGiB: a.StorageGiB, storageClass: a.StorageClass, protect: a.Protect,
	}
}

// conf makes Redis refuse writes when full, since dropping a key would drop
// a task, and lose at most a second of writes in a crash.
func (a RedisArgs) conf() string {
	return fmt.Sprintf(`include /etc/redis-auth/auth.conf
dir /data
maxmemory %dmb
maxmemory-policy noeviction
appendonly yes
appendfsync everysec
save ""
`, a.MaxMemoryMiB)
}

func (a RedisArgs) workload(configMap, claim pulumi.StringInput) WorkloadArgs {
	mounts := []Mount{
		{Volume: ConfigFiles("config", configMap), Path: "/etc/redis", ReadOnly: true},
		{Volume: SecretFiles("auth", pulumi.String(config.RedisSecret)), Path: "/etc/redis-auth", ReadOnly: true},
		{Volume: Claim("data", claim), Path: "/data"},
		{Volume: Scratch("tmp", 16), Path: "/tmp"},
	}
	return WorkloadArgs{
		App: a.App, Component: config.RedisName, Replicas: 1, Service: RedisService, Recreate: true,
		Pod: Pod{
			Containers:   []Container{a.server(mounts), a.exporter()},
			User:         redisUser,
			NodeSelector: a.NodeSelector,
		},
	}
}

func (a RedisArgs) server(mounts []Mount) Container {
	// The shell finds PONG in the answer: redis-cli exits with 0 on an error reply too.
	ping := []string{"sh", "-c", "redis-cli ping | grep -q PONG"}
	return Container{
		Name: config.RedisName, Image: a.Image, Resources: a.Resources, Mounts: mounts,
		Command: []string{"redis-server", "/etc/redis/redis.conf"},
		Env:     []EnvVar{FromSecret("REDISCLI_AUTH", config.RedisSecret, "password")},
		Ports:   []Port{{Name: "redis", Container: RedisPort, Service: RedisPort}},
		Probes: Probes{
			Startup:   &Probe{Command: ping, PeriodSeconds: 2, FailureThreshold: 60}, // it answers after reading its file
			Readiness: &Probe{Command: ping},
			Liveness:  &Probe{Port: "redis", PeriodSeconds: 20, FailureThreshold: 6},
		},
	}
}

// exporter turns the length of Celery's queue into a metric, which only the
// broker knows.
func (a RedisArgs) exporter() Container {
	return Container{
		Name: "exporter", Image: a.Exporter.Image, Resources: a.Exporter.Resources,
		Env: []EnvVar{
			Literal("REDIS_ADDR", fmt.Sprintf("redis://localhost:%d", RedisPort)),
			Literal("REDIS_EXPORTER_CHECK_SINGLE_KEYS", "celery"),
			FromSecret("REDIS_PASSWORD", config.RedisSecret, "password"),
		},
		Ports: []Port{{Name: "metrics", Container: RedisMetricsPort}},
		Probes: Probes{
			Startup:   &Probe{Port: "metrics", Path: "/health", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &Probe{Port: "metrics", Path: "/health"},
			Liveness:  &Probe{Port: "metrics", Path: "/health", PeriodSeconds: 30},
		},
	}
}
