package stacks

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// edgeName is the seed's name of the Ingress, and of what stands in its place.
const edgeName = "co2-calculator-ingress"

func (e *environment) backend(ctx *pulumi.Context) error {
	cfg := e.cfg.Backend
	if err := e.readSettings(ctx); err != nil {
		return err
	}
	args := components.BackendArgs{
		App: e.app, Image: cfg.Image, Replicas: cfg.Replicas, Left: e.left, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, LivePath: cfg.LivePath, ReadyPath: cfg.ReadyPath,
		Settings: e.settings, Jobs: jobs[e.cfg.Worker.Kind], MigrationTimeoutSeconds: cfg.Migrations.TimeoutSeconds, WaitImage: e.cfg.Postgres.Image, After: e.database.Ready,
	}
	if cfg.Autoscaling.Enabled {
		args.Autoscaling = &components.Autoscaling{
			MinReplicas: cfg.Autoscaling.MinReplicas, MaxReplicas: cfg.Autoscaling.MaxReplicas,
			CPUPercent: cfg.Autoscaling.CPUPercent, MemoryPercent: cfg.Autoscaling.MemoryPercent,
			Rendered: e.cfg.Render.Directory != "",
		}
	}
	backend, err := components.NewBackend(ctx, components.BackendName, args, e.cluster)
	if err != nil {
		return err
	}
	e.ready = backend.Ready
	return nil
}

// readSettings gathers what backend and workers read.
func (e *environment) readSettings(ctx *pulumi.Context) error {
	cfg := e.cfg.Backend
	key, err := e.source.Value(ctx, components.BackendSecret, "SECRET_KEY")
	if err != nil {
		return err
	}
	oidc, err := e.source.Value(ctx, components.BackendSecret, "OIDC_CLIENT_SECRET")
	if err != nil {
		return err
	}
	e.settings = components.BackendSettings{
		Database: e.database.Database, Queue: e.queue, URL: e.url(),
		Files:    components.Files{Folder: cfg.Files.Folder, SizeMiB: cfg.Files.SizeMiB},
		LogLevel: string(cfg.LogLevel), LogFormat: string(cfg.LogFormat),
		OAuthClientID: cfg.OAuth.ClientID, OAuthIssuerURL: cfg.OAuth.IssuerURL,
		SecretKey: key, OIDCClientSecret: oidc, Version: config.Tag(cfg.Image), Environment: e.cfg.Environment,
	}
	return nil
}

// jobs is who runs the backend's jobs, by the kind of worker.
var jobs = map[config.WorkerKind]components.Jobs{
	config.WorkerCelery: components.JobsQueued,
	config.WorkerPoller: components.JobsPolled,
	config.WorkerNone:   components.JobsInline,
}

func (e *environment) worker(ctx *pulumi.Context) error {
	switch e.cfg.Worker.Kind {
	case config.WorkerCelery:
		return e.celery(ctx)
	case config.WorkerPoller:
		return e.poller(ctx)
	default:
		return nil
	}
}

func (e *environment) celery(ctx *pulumi.Context) error {
	cfg := e.cfg.Worker
	_, err := components.NewWorker(ctx, components.WorkerName, components.WorkerArgs{
		App: e.app, Image: e.cfg.Backend.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, Module: cfg.Module, Concurrency: cfg.Concurrency,
		LongestTaskSeconds: cfg.LongestTaskSeconds, Settings: e.settings, After: e.ready,
	}, e.cluster)
	return err
}

func (e *environment) poller(ctx *pulumi.Context) error {
	cfg := e.cfg.Worker
	_, err := components.NewPoller(ctx, components.PollerName, components.PollerArgs{
		App: e.app, Image: e.cfg.Backend.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, LivePath: e.cfg.Backend.LivePath, Settings: e.settings, After: e.ready,
	}, e.cluster)
	return err
}

func (e *environment) frontend(ctx *pulumi.Context) error {
	cfg := e.cfg.Frontend
	_, err := components.NewFrontend(ctx, components.FrontendName, components.FrontendArgs{
		App: e.app, Image: cfg.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, SentryDSN: cfg.SentryDSN,
		LivePath: cfg.LivePath, ReadyPath: cfg.ReadyPath, InjectedFile: cfg.InjectedFile,
	}, e.cluster)
	return err
}

func (e *environment) edge(ctx *pulumi.Context) error {
	cfg := e.cfg.Edge
	_, err := components.NewEdge(ctx, "edge", components.EdgeArgs{
		App: e.app, Kind: string(cfg.Kind), Name: edgeName, Host: cfg.Host,
		Class: cfg.Class, Issuer: cfg.Issuer, TLSSecret: cfg.TLSSecret,
		Paths: append([]components.PathRule{
			{Prefix: "/api", Service: components.BackendService, Port: components.BackendPort},
			{Prefix: "/", Service: components.FrontendService, Port: 80},
		}, e.servicePaths()...),
	}, e.cluster)
	return err
}

func (e *environment) monitoring(ctx *pulumi.Context) error {
	cfg := e.cfg.Monitoring
	if !cfg.Enabled {
		return nil
	}
	_, err := components.NewMonitoring(ctx, "monitoring", components.MonitoringArgs{
		App: epflApp, Environment: e.cfg.Environment, Namespace: e.cfg.Namespace(), NamespaceOutput: e.app.Namespace,
		Labels: e.app.Labels("monitoring"), Owner: e.app.Owner, MatchLabels: map[string]string{"app.kubernetes.io/instance": epflApp},
		ScrapeInterval: cfg.ScrapeInterval, Targets: e.scraped(), Deployments: e.deployments(),
		Postgres: e.cfg.Postgres.Mode == config.PostgresStatefulSet, Queueless: e.cfg.Worker.Kind != config.WorkerCelery,
		BackupAge: e.cfg.Postgres.Backup.MaxAge(), Host: e.cfg.Edge.Host, TLSSecret: e.cfg.Edge.TLSSecret,
	}, e.cluster)
	return err
}

// scraped are the pods that serve metrics.
func (e *environment) scraped() []components.ScrapeTarget {
	targets := []components.ScrapeTarget{{App: components.BackendName, PortName: "http"}}
	if e.cfg.HasRedis() {
		targets = append(targets, components.ScrapeTarget{App: components.RedisName, PortName: "metrics"})
	}
	return targets
}

// deployments are those whose outage is the application's.
func (e *environment) deployments() []string {
	names := []string{components.BackendName, components.FrontendName}
	if worker, runs := e.workerName(); runs {
		names = append(names, worker)
	}
	if e.cfg.HasRedis() {
		names = append(names, components.RedisName)
	}
	slices.Sort(names)
	return names
}

// workerName is the component that runs the backend's jobs, unless the backend
// does so itself.
func (e *environment) workerName() (name string, runs bool) {
	name, runs = map[config.WorkerKind]string{
		config.WorkerCelery: components.WorkerName, config.WorkerPoller: components.PollerName,
	}[e.cfg.Worker.Kind]
	return name, runs
}

func resources(r config.Resources) components.Resources {
	return components.Resources{
		CPURequest: r.Requests.CPU, MemoryRequest: r.Requests.Memory,
		CPULimit: r.Limits.CPU, MemoryLimit: r.Limits.Memory,
	}
}
