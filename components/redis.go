package components

import (
	"errors"
	"fmt"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeRedis = "platform:components:Redis" // the state remembers it: change it only with an alias

// Redis' names and ports, as the seed has them.
const (
	RedisName        = "redis"
	RedisService     = "redis-service"
	RedisPort        = 6379
	RedisMetricsPort = 9121 // redis_exporter's default
	redisSecret      = "redis-auth"
	redisUser        = 999 // the image's redis user
)

// Redis is the queue between backend and workers. What is queued survives a
// restart: every write is appended to a file on a claim.
type Redis struct {
	pulumi.ResourceState
	Queue Queue
}

// RedisArgs shapes the queue. Only NodeSelector may be empty.
type RedisArgs struct {
	App               App
	Image             string // repository:tag; never latest
	Resources         Resources
	NodeSelector      map[string]string
	MaxMemoryMiB      int // under the memory limit: a save needs some on top
	StorageGiB        int
	StorageClass      string
	Password          pulumi.StringInput // secret
	ExporterImage     string
	ExporterResources Resources
	Protect           bool // protect the claim, and retain it when it is taken out of the program
}

// Validate returns every fault at once.
func (a RedisArgs) Validate() error {
	faults := []error{a.workload(nil, nil).Validate(), a.claim().Validate()}
	if limit := int(a.Resources.MemoryLimit.Value() >> 20); a.MaxMemoryMiB < 1 || a.MaxMemoryMiB >= limit {
		faults = append(faults, fmt.Errorf("maxMemoryMiB: %d is not between 1 and the memory limit of %d MiB; Redis would be killed when full; lower it", a.MaxMemoryMiB, limit))
	}
	if a.Password == nil {
		faults = append(faults, errors.New("password: is missing; take it from the secret source"))
	}
	return errors.Join(faults...)
}

// NewRedis registers Redis behind redis-service, port 6379.
func NewRedis(ctx *pulumi.Context, name string, args RedisArgs, opts ...pulumi.ResourceOption) (*Redis, error) {
	if err := join("redis", name, args.Validate()); err != nil {
		return nil, err
	}
	r := &Redis{Queue: Queue{Host: RedisService, Port: RedisPort, Password: args.Password}}
	if err := ctx.RegisterComponentResource(typeRedis, name, r, opts...); err != nil {
		return nil, fmt.Errorf("register redis %q: %w", name, err)
	}
	workload, secret, err := args.register(ctx, name, r)
	if err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	// A pod that starts before a changed password is in the Secret would keep the old one.
	if _, err := NewWorkload(ctx, name, workload, []pulumi.Resource{secret}, pulumi.Parent(r)); err != nil {
		return nil, fmt.Errorf("redis %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(r, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("redis %q outputs: %w", name, err)
	}
	return r, nil
}

// register writes what Redis reads and the claim it writes to.
func (a RedisArgs) register(ctx *pulumi.Context, name string, parent pulumi.Resource) (WorkloadArgs, pulumi.Resource, error) {
	none := WorkloadArgs{}
	files := map[string]string{"redis.conf": a.conf()}
	config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: a.App.unnamed(RedisName), Data: pulumi.ToStringMap(files),
	}, pulumi.Parent(parent))
	if err != nil {
		return none, nil, fmt.Errorf("config map: %w", err)
	}
	values := pulumi.StringMap{"password": a.Password, "auth.conf": a.Password.ToStringOutput().ApplyT(requirepass).(pulumi.StringOutput)}
	secret, err := newSecret(ctx, redisSecret, a.App, RedisName, redisSecret, values, pulumi.Parent(parent))
	if err != nil {
		return none, nil, err
	}
	claim, err := newClaim(ctx, name, a.claim(), pulumi.Parent(parent))
	if err != nil {
		return none, nil, err
	}
	workload := a.workload(config.Metadata.Name().Elem(), claim)
	workload.Pod.Revision = Revision(files, values)
	return workload, secret, nil
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
		app: a.App, component: RedisName, name: "redis-data",
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

func (a RedisArgs) workload(config pulumi.StringInput, claim pulumi.StringInput) WorkloadArgs {
	mounts := []Mount{}
	if config != nil {
		mounts = []Mount{
			{Volume: ConfigFiles("config", config), Path: "/etc/redis", ReadOnly: true},
			{Volume: SecretFiles("auth", pulumi.String(redisSecret)), Path: "/etc/redis-auth", ReadOnly: true},
			{Volume: Claim("data", claim), Path: "/data"},
			{Volume: Scratch("tmp", 16), Path: "/tmp"},
		}
	}
	return WorkloadArgs{
		App: a.App, Component: RedisName, Replicas: 1, Service: RedisService, Recreate: true,
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
		Name: RedisName, Image: a.Image, Resources: a.Resources, Mounts: mounts,
		Command: []string{"redis-server", "/etc/redis/redis.conf"},
		Env:     []EnvVar{FromSecret("REDISCLI_AUTH", redisSecret, "password")},
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
		Name: "exporter", Image: a.ExporterImage, Resources: a.ExporterResources,
		Env: []EnvVar{
			Literal("REDIS_ADDR", fmt.Sprintf("redis://localhost:%d", RedisPort)),
			Literal("REDIS_EXPORTER_CHECK_SINGLE_KEYS", "celery"),
			FromSecret("REDIS_PASSWORD", redisSecret, "password"),
		},
		Ports: []Port{{Name: "metrics", Container: RedisMetricsPort}},
		Probes: Probes{
			Startup:   &Probe{Port: "metrics", Path: "/health", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &Probe{Port: "metrics", Path: "/health"},
			Liveness:  &Probe{Port: "metrics", Path: "/health", PeriodSeconds: 30},
		},
	}
}
