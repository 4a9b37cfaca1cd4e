// Package redis is the queue between the co2-calculator's backend and its
// workers.
package redis

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/claim"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/secret"
	"platform/components/workload"
	"platform/config"
)

// Redis' Service and ports.
const (
	ServiceName = "redis-service"
	Port        = 6379
	MetricsPort = 9121 // redis_exporter's default
	userID      = 999  // the image's redis user
)

// Redis is the queue between backend and workers. What is queued survives a
// restart: every write is appended to a file on a claim.
type Redis struct {
	pulumi.ResourceState
	Queue Queue
}

// Args shapes the queue.
type Args struct {
	config.Redis
	App      object.App
	Password pulumi.StringInput // secret
	Protect  bool               // protect the claim, and retain it when it is taken out of the program
}

// New registers Redis behind redis-service, port 6379.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Redis, error) {
	r := &Redis{Queue: Queue{Host: ServiceName, Port: Port, Password: args.Password}}
	return object.Register(ctx, "Redis", name, r, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		files := map[string]string{"redis.conf": args.conf()}
		configMap, err := object.NewConfigMap(ctx, name, args.App.Unnamed(config.RedisName), files, child)
		if err != nil {
			return nil, err
		}
		values := pulumi.StringMap{"password": args.Password, "auth.conf": args.Password.ToStringOutput().ApplyT(requirepass).(pulumi.StringOutput)}
		written, err := secret.New(ctx, config.RedisSecret, args.App, config.RedisName, config.RedisSecret, values, child)
		if err != nil {
			return nil, err
		}
		claimName, err := claim.New(ctx, name, args.claim(), child)
		if err != nil {
			return nil, err
		}
		server := args.workload(configMap.Metadata.Name().Elem(), claimName)
		server.Pod.Revision = object.Revision(files, values)
		// A pod that starts before a changed password is in the Secret would keep the old one.
		_, err = workload.New(ctx, name, server, child, pulumi.DependsOn([]pulumi.Resource{written}))
		return nil, err
	})
}

// requirepass writes a password for Redis, which reads fewer escapes than Go
// writes: whatever is no letter or digit goes in as its bytes.
func requirepass(password string) string {
	var spelled strings.Builder
	for _, b := range []byte(secret.InRedisConf.Mark(password)) {
		if b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' {
			spelled.WriteByte(b)
			continue
		}
		fmt.Fprintf(&spelled, `\x%02x`, b)
	}
	return fmt.Sprintf("requirepass \"%s\"\n", spelled.String())
}

func (a Args) claim() claim.Args {
	return claim.Args{
		App: a.App, Component: config.RedisName, Name: "redis-data",
		StorageGiB: a.StorageGiB, StorageClass: a.StorageClass, Protect: a.Protect,
	}
}

// conf makes Redis refuse writes when full, since dropping a key would drop
// a task, and lose at most a second of writes in a crash.
func (a Args) conf() string {
	return fmt.Sprintf(`include /etc/redis-auth/auth.conf
dir /data
maxmemory %dmb
maxmemory-policy noeviction
appendonly yes
appendfsync everysec
save ""
`, a.MaxMemoryMiB)
}

func (a Args) workload(configMap, claimName pulumi.StringInput) workload.Args {
	mounts := []pod.Mount{
		{Volume: pod.ConfigFiles("config", configMap), Path: "/etc/redis", ReadOnly: true},
		{Volume: pod.SecretFiles("auth", pulumi.String(config.RedisSecret)), Path: "/etc/redis-auth", ReadOnly: true},
		{Volume: pod.Claim("data", claimName), Path: "/data"},
		{Volume: pod.Scratch("tmp", 16), Path: "/tmp"},
	}
	return workload.Args{
		App: a.App, Component: config.RedisName, Replicas: 1, Service: ServiceName, Recreate: true,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.server(mounts), a.exporter()},
			User:         userID,
			NodeSelector: a.NodeSelector,
		},
	}
}

func (a Args) server(mounts []pod.Mount) pod.Container {
	// The shell finds PONG in the answer: redis-cli exits with 0 on an error reply too.
	ping := []string{"sh", "-c", "redis-cli ping | grep -q PONG"}
	return pod.Container{
		Name: config.RedisName, Image: a.Image, Resources: a.Resources, Mounts: mounts,
		Command: []string{"redis-server", "/etc/redis/redis.conf"},
		Env:     []pod.EnvVar{pod.FromSecret("REDISCLI_AUTH", config.RedisSecret, "password")},
		Ports:   []pod.Port{{Name: "redis", Container: Port, Service: Port}},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Command: ping, PeriodSeconds: 2, FailureThreshold: 60}, // it answers after reading its file
			Readiness: &pod.Probe{Command: ping},
			Liveness:  &pod.Probe{Port: "redis", PeriodSeconds: 20, FailureThreshold: 6},
		},
	}
}

// exporter turns the length of Celery's queue into a metric, which only the
// broker knows.
func (a Args) exporter() pod.Container {
	return pod.Container{
		Name: "exporter", Image: a.Exporter.Image, Resources: a.Exporter.Resources,
		Env: []pod.EnvVar{
			pod.Literal("REDIS_ADDR", fmt.Sprintf("redis://localhost:%d", Port)),
			pod.Literal("REDIS_EXPORTER_CHECK_SINGLE_KEYS", "celery"),
			pod.FromSecret("REDIS_PASSWORD", config.RedisSecret, "password"),
		},
		Ports: []pod.Port{{Name: "metrics", Container: MetricsPort}},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "metrics", Path: "/health", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &pod.Probe{Port: "metrics", Path: "/health"},
			Liveness:  &pod.Probe{Port: "metrics", Path: "/health", PeriodSeconds: 30},
		},
	}
}
