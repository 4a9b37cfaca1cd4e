package postgres

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/account"
	"platform/components/claim"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/config"
)

// startTimeout bounds the wait for the server: a volume of the NAS, the first
// initdb on it, or the replay of the log after a crash.
const startTimeout = "30m"

// newServer puts the server behind postgres-service, port 5432. It starts after
// what an option names.
func (a Args) newServer(ctx *pulumi.Context, name string, child, after pulumi.ResourceOption) (*appsv1.StatefulSet, error) {
	identity, err := account.New(ctx, name, a.App, config.PostgresName, account.Access{}, child)
	if err != nil {
		return nil, err
	}
	claimName, err := claim.New(ctx, name, claim.Args{
		App: a.App, Component: config.PostgresName, Name: ClaimName,
		StorageGiB: a.StorageGiB, StorageClass: a.StorageClass, Protect: a.Protect,
	}, child)
	if err != nil {
		return nil, err
	}
	front := service.Args{App: a.App, Component: config.PostgresName, Name: ServiceName, Ports: []pod.Port{serverPort()}}
	if _, err := service.New(ctx, name, front, child); err != nil {
		return nil, err
	}
	headless, err := service.NewHeadless(ctx, name, service.HeadlessArgs{
		App: a.App, Component: config.PostgresName, Name: config.PostgresName + "-headless", Port: "postgres", Number: config.PostgresPort,
	}, child)
	if err != nil {
		return nil, err
	}
	pod := a.pod(claimName)
	return appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: a.App.Named(config.PostgresName, config.PostgresName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(1),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless,
			Selector:             object.LabelSelector(a.App.Selector(config.PostgresName)),
			Template:             pod.Template(a.App, config.PostgresName, identity),
		},
	}, after, pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: startTimeout, Update: startTimeout}))
}

func serverPort() pod.Port {
	return pod.Port{Name: "postgres", Container: config.PostgresPort, Service: config.PostgresPort}
}

func (a Args) pod(claimName pulumi.StringInput) pod.Pod {
	return pod.Pod{
		Containers:   []pod.Container{a.container(claimName)},
		User:         imageUser(a.Image),
		NodeSelector: a.NodeSelector,
		GraceSeconds: 120, // the image stops on SIGINT, PostgreSQL's fast shutdown, which writes a checkpoint
	}
}

// container keeps the data in a folder below the mount: a mount's root may
// hold lost+found or a NAS's snapshots, which initdb refuses.
func (a Args) container(claimName pulumi.StringInput) pod.Container {
	const data = "/var/lib/postgresql/data"
	// Over TCP: while the image sets up a new volume, the server answers on its socket only.
	ready := []string{"pg_isready", "-q", "-h", "127.0.0.1", "-U", config.PostgresAdmin}
	return pod.Container{
		Name: config.PostgresName, Image: a.Image, Resources: a.Resources,
		Args: append([]string{"postgres"}, a.tuning()...),
		Env: []pod.EnvVar{
			pod.Literal("PGDATA", data+"/pgdata"),
			pod.Literal("POSTGRES_USER", config.PostgresAdmin),
			pod.Literal("POSTGRES_INITDB_ARGS", "--data-checksums --auth-host=scram-sha-256"),
			pod.FromSecret("POSTGRES_PASSWORD", config.PostgresSecret, "admin-password"),
		},
		Ports: []pod.Port{serverPort()},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Command: ready, PeriodSeconds: 5, FailureThreshold: 240}, // 20 minutes to replay the log
			Readiness: &pod.Probe{Command: ready},
			Liveness:  &pod.Probe{Command: ready, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
		Mounts: []pod.Mount{
			{Volume: pod.Claim("data", claimName), Path: data},
			{Volume: pod.Scratch("run", 1), Path: "/var/run/postgresql"},
			{Volume: pod.Scratch("tmp", 256), Path: "/tmp"},
			{Volume: pod.SharedMemory("shm", 256), Path: "/dev/shm"}, // parallel queries outgrow the default 64 MiB
		},
	}
}

// tuning sizes the caches to the memory limit, by the shares that PostgreSQL's
// manual recommends for a dedicated server: a quarter for shared_buffers,
// three quarters expected in all caches together.
func (a Args) tuning() []string {
	limitMiB := a.Resources.LimitMiB()
	return []string{
		"-c", fmt.Sprintf("shared_buffers=%dMB", limitMiB/4),
		"-c", fmt.Sprintf("effective_cache_size=%dMB", limitMiB*3/4),
	}
}
