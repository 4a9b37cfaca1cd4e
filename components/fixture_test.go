package components_test

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/backend"
	"platform/components/edge"
	"platform/components/frontend"
	"platform/components/namespace"
	"platform/components/network"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/postgres"
	"platform/components/redis"
	"platform/components/workload"
	"platform/config"
)

const (
	namespaceName = "co2-calculator-dev"
	image         = "ghcr.io/epfl-enac/epfl/co2-calculator/backend:v1.0.0"
	canary        = "c4n4ry-p@ss/w:rd?#%" // starts every secret of the fixtures
)

// program registers something with valid arguments.
type program = func(*pulumi.Context) error

func app() object.App {
	return object.App{Name: "co2-calculator", Environment: "dev", Namespace: pulumi.String(namespaceName)}
}

// secret is not marked as one: whoever puts it into an object has to.
func secretValue(name string) pulumi.StringInput { return pulumi.String(canary + name) }

func someResources() config.Resources {
	return config.NewResources("100m", "256Mi", "500m", "512Mi")
}

func backendConfig() config.Backend {
	return config.Backend{
		Image: image, Replicas: 3, Resources: someResources(), LivePath: "/health", ReadyPath: "/ready",
		LogLevel: "INFO", LogFormat: "json", OAuth: config.OAuth{ClientID: "client", IssuerURL: "https://issuer.epfl.ch"},
		Migrations: config.Migrations{TimeoutSeconds: 600}, Files: config.Files{Folder: "/app/files_storage", SizeMiB: 1024},
	}
}

func settings() backend.Settings {
	return backend.Settings{
		Backend: backendConfig(), Environment: "dev", URL: "https://co2calculator.epfl.ch",
		Database: postgres.Database{
			Host: "postgres-service", Port: 5432, Name: "co2calculator", User: "co2calculator", Password: secretValue("database"),
		},
		Queue:     &redis.Queue{Host: "redis-service", Port: 6379, Password: secretValue("queue")},
		SecretKey: secretValue("key"), OIDCClientSecret: secretValue("oidc"),
	}
}

func container() pod.Container {
	return pod.Container{
		Name: "main", Image: image, Resources: someResources(),
		Ports: []pod.Port{{Name: "http", Container: 8000, Service: 80}},
	}
}

func workloadArgs() workload.Args {
	return workload.Args{
		App: app(), Component: "api", Replicas: 1, Service: "api-service",
		Pod: pod.Pod{Containers: []pod.Container{container()}, User: 1001},
	}
}

func jobArgs() workload.JobArgs {
	one := container()
	one.Command = []string{"alembic", "upgrade", "head"}
	return workload.JobArgs{
		App: app(), Component: "task", TimeoutSeconds: 600,
		Pod: pod.Pod{Containers: []pod.Container{one}, User: 1001},
	}
}

func namespaceArgs() namespace.Args {
	bounds := config.NewResources("4", "8Gi", "16", "24Gi")
	return namespace.Args{
		Name: namespaceName, App: "co2-calculator", Environment: "dev",
		Quota: &config.Quota{Requests: bounds.Requests, Limits: bounds.Limits, Pods: 40, StorageGiB: 100},
	}
}

func frontendArgs() frontend.Args {
	return frontend.Args{App: app(), Frontend: config.Frontend{
		Image: "ghcr.io/epfl-enac/epfl/co2-calculator/frontend:v1.0.0", Replicas: 2, Resources: someResources(),
		LivePath: "/healthz", ReadyPath: "/ready", InjectedFile: "/usr/share/nginx/html/injectEnv.js",
	}}
}

func backendArgs() backend.Args {
	return backend.Args{App: app(), Settings: settings(), Jobs: config.WorkerCelery}
}

// scaledArgs are production's: 3 to 10 pods at 70 % of CPU and 80 % of memory.
func scaledArgs() backend.Args {
	args := backendArgs()
	args.Settings.Autoscaling = config.Autoscaling{Enabled: true, MinReplicas: 3, MaxReplicas: 10, CPUPercent: 70, MemoryPercent: 80}
	return args
}

func workerArgs() backend.WorkerArgs {
	return backend.WorkerArgs{App: app(), Settings: settings(), Worker: config.Worker{
		Kind: config.WorkerCelery, Replicas: 2, Resources: someResources(), Module: "app.worker", Concurrency: 2, LongestTaskSeconds: 300,
	}}
}

func pollerArgs() backend.PollerArgs {
	args := settings()
	args.Queue, args.LivePath = nil, "/healthz"
	return backend.PollerArgs{App: app(), Settings: args, Worker: config.Worker{
		Kind: config.WorkerPoller, Replicas: 2, Resources: someResources(),
	}}
}

func redisArgs() redis.Args {
	return redis.Args{App: app(), Password: secretValue("queue"), Redis: config.Redis{
		Image: "redis:7.4-alpine", Resources: someResources(), MaxMemoryMiB: 384, StorageGiB: 2, StorageClass: "rcp-nas",
		Exporter: config.Exporter{Image: "oliver006/redis_exporter:v1.74.0", Resources: config.NewResources("10m", "32Mi", "100m", "64Mi")},
	}}
}

func postgresArgs() postgres.Args {
	return postgres.Args{
		App: app(), Password: secretValue("database"), AdminPassword: secretValue("admin"),
		Postgres: config.Postgres{
			Mode: config.PostgresStatefulSet, Database: "co2calculator", User: "co2calculator",
			Image: "postgres:16-alpine", Resources: config.NewResources("500m", "1Gi", "2", "4Gi"), StorageGiB: 50, StorageClass: "rcp-nas",
			Backup: config.Backup{
				Enabled: true, Schedule: "15 2 * * *", KeepDays: 14, StorageGiB: 100, StorageClass: "rcp-nas", Resources: someResources(),
			},
		},
	}
}

func managedArgs() postgres.Args {
	return postgres.Args{App: app(), Password: secretValue("database"), Postgres: config.Postgres{
		Mode: config.PostgresManaged, Database: "co2calculator", User: "co2calculator",
		Managed: config.Managed{Host: "db.epfl.ch", Port: 5432, SSLMode: "verify-full"},
	}}
}

func networkArgs() network.PoliciesArgs {
	return network.PoliciesArgs{
		App: app(), DenyOthers: true, DNS: network.PodsIn("kube-system", map[string]string{"k8s-app": "kube-dns"}), Flows: []network.Flow{
			{From: network.PodsIn("ingress-nginx", map[string]string{"app": "ingress-nginx"}), To: network.Component("backend"), Port: 8000},
			{From: network.Component("frontend"), To: network.Component("backend"), Port: 8000},
			{From: network.Component("backend"), To: network.Component("redis"), Port: 6379},
		},
	}
}

func edgeArgs(kind config.EdgeKind) edge.Args {
	return edge.Args{
		App: app(), Name: "co2-calculator-ingress",
		Edge: config.Edge{Kind: kind, Host: "co2calculator.epfl.ch", Class: "nginx", Issuer: "letsencrypt-prod", TLSSecret: "co2calculator-tls"},
		Paths: []edge.PathRule{
			{Prefix: "/api", Service: "backend-service", Port: 8000},
			{Prefix: "/", Service: "frontend-service", Port: 80},
		},
	}
}

// registering makes a program of a constructor and its arguments.
func registering[A, C any](
	name string, construct func(*pulumi.Context, string, A, ...pulumi.ResourceOption) (C, error), args A, opts ...pulumi.ResourceOption,
) program {
	return func(ctx *pulumi.Context) error {
		_, err := construct(ctx, name, args, opts...)
		return err
	}
}

// registers is registering for arguments yet to come.
func registers[A, C any](
	name string, construct func(*pulumi.Context, string, A, ...pulumi.ResourceOption) (C, error),
) func(*pulumi.Context, A) error {
	return func(ctx *pulumi.Context, args A) error { return registering(name, construct, args)(ctx) }
}

var registerWorkload = registers("api", workload.New)

var registerJob = registers("task", workload.NewJob)

// everything is each component in each of its shapes, for the rules that hold
// for all. The options go to every one.
func everything(opts ...pulumi.ResourceOption) map[string]program {
	all := map[string]program{
		"workload":         registering("api", workload.New, workloadArgs(), opts...),
		"job":              registering("task", workload.NewJob, jobArgs(), opts...),
		"namespace":        registering(namespaceName, namespace.New, namespaceArgs(), opts...),
		"frontend":         registering("frontend", frontend.New, frontendArgs(), opts...),
		"backend":          registering("backend", backend.New, backendArgs(), opts...),
		"scaled backend":   registering("backend", backend.New, scaledArgs(), opts...),
		"worker":           registering("celery-worker", backend.NewWorker, workerArgs(), opts...),
		"poller":           registering("backend-worker", backend.NewPoller, pollerArgs(), opts...),
		"redis":            registering("redis", redis.New, redisArgs(), opts...),
		"postgres":         registering("postgres", postgres.New, postgresArgs(), opts...),
		"managed postgres": registering("postgres", postgres.New, managedArgs(), opts...),
		"network policies": registering("network", network.NewPolicies, networkArgs(), opts...),
		"ingress":          registering("edge", edge.New, edgeArgs("ingress"), opts...),
		"gateway":          registering("edge", edge.New, edgeArgs("gateway"), opts...),
		"route":            registering("edge", edge.New, edgeArgs("route"), opts...),
	}
	maps.Copy(all, everythingOfCore(opts...))
	return all
}

// forEverything runs a rule on each of everything.
func forEverything(t *testing.T, rule func(*testing.T, record)) {
	t.Helper()
	for name, register := range everything() {
		t.Run(name, func(t *testing.T) { rule(t, run(t, register)) })
	}
}

// onCluster is everything on a named provider, each under a context of its own.
func onCluster(t *testing.T, rule func(*testing.T, record)) {
	t.Helper()
	for name := range everything() {
		t.Run(name, func(t *testing.T) {
			rule(t, run(t, func(ctx *pulumi.Context) error {
				cluster, err := kubernetes.NewProvider(ctx, "cluster", nil)
				if err != nil {
					return err
				}
				return everything(pulumi.Provider(cluster))[name](ctx)
			}))
		})
	}
}
