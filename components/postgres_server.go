package components

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// startTimeout bounds the wait for the server: a volume of the NAS, the first
// initdb on it, or the replay of the log after a crash.
const startTimeout = "30m"

// register puts the server behind postgres-service, port 5432.
func (s PostgresServer) register(ctx *pulumi.Context, name string, app App, parent pulumi.Resource, after []pulumi.Resource) (*appsv1.StatefulSet, error) {
	account, err := newAccount(ctx, name, app, PostgresName, Access{}, pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	claim, err := newClaim(ctx, name, s.claim(app), pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	service := serviceArgs{app: app, component: PostgresName, name: PostgresService, ports: []Port{postgresPort()}}
	if err := newService(ctx, name, service, pulumi.Parent(parent)); err != nil {
		return nil, err
	}
	headless, err := s.newHeadless(ctx, name, app, pulumi.Parent(parent))
	if err != nil {
		return nil, err
	}
	pod := s.pod(claim)
	return appsv1.NewStatefulSet(ctx, name, &appsv1.StatefulSetArgs{
		Metadata: app.named(PostgresName, PostgresName),
		Spec: appsv1.StatefulSetSpecArgs{
			Replicas:             pulumi.Int(1),
			RevisionHistoryLimit: pulumi.Int(5),
			ServiceName:          headless,
			Selector:             selector(app.Selector(PostgresName)),
			Template:             pod.template(app, PostgresName, account),
		},
	}, pulumi.Parent(parent), pulumi.DependsOn(after), pulumi.Protect(s.Protect), pulumi.RetainOnDelete(s.Protect),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: startTimeout, Update: startTimeout}))
}

func (s PostgresServer) claim(app App) claimArgs {
	return claimArgs{
		app: app, component: PostgresName, name: PostgresClaim,
		storageGiB: s.StorageGiB, storageClass: s.StorageClass, protect: s.Protect,
	}
}

// newHeadless is the Service that a StatefulSet names its pods under.
func (s PostgresServer) newHeadless(ctx *pulumi.Context, name string, app App, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	meta := app.named(PostgresName, PostgresName+"-headless")
	meta.Annotations = annotated(meta.Annotations, skipAwait, "true")
	service, err := corev1.NewService(ctx, name+"-headless", &corev1.ServiceArgs{
		Metadata: meta,
		Spec: corev1.ServiceSpecArgs{
			ClusterIP: pulumi.String("None"),
			Selector:  pulumi.ToStringMap(app.Selector(PostgresName)),
			Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
				Name: pulumi.String("postgres"), Port: pulumi.Int(PostgresPort), TargetPort: pulumi.String("postgres"),
			}},
		},
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("headless service: %w", err)
	}
	return service.Metadata.Name().Elem(), nil
}

func postgresPort() Port {
	return Port{Name: "postgres", Container: PostgresPort, Service: PostgresPort}
}

func (s PostgresServer) pod(claim pulumi.StringInput) Pod {
	return Pod{
		Containers:   []Container{s.container(claim)},
		User:         s.user(),
		NodeSelector: s.NodeSelector,
		GraceSeconds: 120, // the image stops on SIGINT, PostgreSQL's fast shutdown, which writes a checkpoint
	}
}

// container keeps the data in a folder below the mount: a mount's root may
// hold lost+found or a NAS's snapshots, which initdb refuses.
func (s PostgresServer) container(claim pulumi.StringInput) Container {
	const data = "/var/lib/postgresql/data"
	// Over TCP: while the image sets up a new volume, the server answers on its socket only.
	ready := []string{"pg_isready", "-q", "-h", "127.0.0.1", "-U", postgresAdmin}
	return Container{
		Name: PostgresName, Image: s.Image, Resources: s.Resources,
		Args: append([]string{"postgres"}, s.tuning()...),
		Env: []EnvVar{
			Literal("PGDATA", data+"/pgdata"),
			Literal("POSTGRES_USER", postgresAdmin),
			Literal("POSTGRES_INITDB_ARGS", "--data-checksums --auth-host=scram-sha-256"),
			FromSecret("POSTGRES_PASSWORD", postgresSecret, "admin-password"),
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
func (s PostgresServer) tuning() []string {
	limitMiB := s.Resources.MemoryLimit.Value() >> 20
	return []string{
		"-c", fmt.Sprintf("shared_buffers=%dMB", limitMiB/4),
		"-c", fmt.Sprintf("effective_cache_size=%dMB", limitMiB*3/4),
	}
}
