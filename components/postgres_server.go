package components

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// startTimeout bounds the wait for the server: a volume of the NAS, the first
// initdb on it, or the replay of the log after a crash.
const startTimeout = "30m"

// newServer puts the server behind postgres-service, port 5432. It starts after
// what an option names.
func (a PostgresArgs) newServer(ctx *pulumi.Context, name string, child, after pulumi.ResourceOption) (*appsv1.StatefulSet, error) {
	account, err := newAccount(ctx, name, a.App, config.PostgresName, Access{}, child)
	if err != nil {
		return nil, err
	}
	claim, err := newClaim(ctx, name, claimArgs{
		app: a.App, component: config.PostgresName, name: PostgresClaim,
		storageGiB: a.StorageGiB, storageClass: a.StorageClass, protect: a.Protect,
	}, child)
	if err != nil {
		return nil, err
	}
	service := serviceArgs{app: a.App, component: config.PostgresName, name: PostgresService, ports: []Port{postgresPort()}}
	if _, err := newService(ctx, name, service, child); err != nil {
		return nil, err
	}
	headless, err := newHeadless(ctx, name, headlessArgs{
		app: a.App, component: config.PostgresName, name: config.PostgresName + "-headless", port: "postgres", number: config.PostgresPort,
	}, child)
	if err != nil {
		return nil, err
	}
	pod := a.pod(claim)
	return appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: a.App.named(config.PostgresName, config.PostgresName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(1),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless,
			Selector:             selector(a.App.Selector(config.PostgresName)),
			Template:             pod.template(a.App, config.PostgresName, account),
		},
	}, after, pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: startTimeout, Update: startTimeout}))
}

func postgresPort() Port {
	return Port{Name: "postgres", Container: config.PostgresPort, Service: config.PostgresPort}
}

func (a PostgresArgs) pod(claim pulumi.StringInput) Pod {
	return Pod{
		Containers:   []Container{a.container(claim)},
		User:         postgresUser(a.Image),
		NodeSelector: a.NodeSelector,
		GraceSeconds: 120, // the image stops on SIGINT, PostgreSQL's fast shutdown, which writes a checkpoint
	}
}

// container keeps the data in a folder below the mount: a mount's root may
// hold lost+found or a NAS's snapshots, which initdb refuses.
func (a PostgresArgs) container(claim pulumi.StringInput) Container {
	const data = "/var/lib/postgresql/data"
	// Over TCP: while the image sets up a new volume, the server answers on its socket only.
	ready := []string{"pg_isready", "-q", "-h", "127.0.0.1", "-U", config.PostgresAdmin}
	return Container{
		Name: config.PostgresName, Image: a.Image, Resources: a.Resources,
		Args: append([]string{"postgres"}, a.tuning()...),
		Env: []EnvVar{
			Literal("PGDATA", data+"/pgdata"),
			Literal("POSTGRES_USER", config.PostgresAdmin),
			Literal("POSTGRES_INITDB_ARGS", "--data-checksums --auth-host=scram-sha-256"),
			FromSecret("POSTGRES_PASSWORD", config.PostgresSecret, "admin-password"),
		},
		Ports: []Port{postgresPort()},
		Probes: Probes{
			Startup:   &Probe{Command: ready, PeriodSeconds: 5, FailureThreshold: 240}, // 20 minutes to replay the log
			Readiness: &Probe{Command: ready},
			Liveness:  &Probe{Command: ready, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
		Mounts: []Mount{
			{Volume: Claim("data", claim), Path: data},
			{Volume: Scratch("run", 1), Path: "/var/run/postgresql"},
			{Volume: Scratch("tmp", 256), Path: "/tmp"},
			{Volume: SharedMemory("shm", 256), Path: "/dev/shm"}, // parallel queries outgrow the default 64 MiB
		},
	}
}

// tuning sizes the caches to the memory limit, by the shares that PostgreSQL's
// manual recommends for a dedicated server: a quarter for shared_buffers,
// three quarters expected in all caches together.
func (a PostgresArgs) tuning() []string {
	limitMiB := a.Resources.LimitMiB()
	return []string{
		"-c", fmt.Sprintf("shared_buffers=%dMB", limitMiB/4),
		"-c", fmt.Sprintf("effective_cache_size=%dMB", limitMiB*3/4),
	}
}
