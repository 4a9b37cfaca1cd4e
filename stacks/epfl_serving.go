package stacks

import (
	"github.com/distribution/reference"
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
		App: e.app, Image: cfg.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, LivePath: cfg.LivePath, ReadyPath: cfg.ReadyPath,
		Settings: e.settings, MigrationTimeoutSeconds: cfg.Migrations.TimeoutSeconds, After: e.database.Ready,
	}
	if cfg.Autoscaling.Enabled {
		args.Autoscaling = &components.Autoscaling{
			MinReplicas: cfg.Autoscaling.MinReplicas, MaxReplicas: cfg.Autoscaling.MaxReplicas,
			CPUPercent: cfg.Autoscaling.CPUPercent, MemoryPercent: cfg.Autoscaling.MemoryPercent,
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
		LogLevel: string(cfg.LogLevel), LogFormat: string(cfg.LogFormat),
		OAuthClientID: cfg.OAuth.ClientID, OAuthIssuerURL: cfg.OAuth.IssuerURL,
		SecretKey: key, OIDCClientSecret: oidc, Version: version(cfg.Image), Environment: e.cfg.Environment,
	}
	return nil
}

func (e *environment) worker(ctx *pulumi.Context) error {
	cfg := e.cfg.Worker
	_, err := components.NewWorker(ctx, components.WorkerName, components.WorkerArgs{
		App: e.app, Image: e.cfg.Backend.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, Module: cfg.Module, Concurrency: cfg.Concurrency,
		LongestTaskSeconds: cfg.LongestTaskSeconds, Settings: e.settings, After: e.ready,
	}, e.cluster)
	return err
}

func (e *environment) frontend(ctx *pulumi.Context) error {
	cfg := e.cfg.Frontend
	_, err := components.NewFrontend(ctx, components.FrontendName, components.FrontendArgs{
		App: e.app, Image: cfg.Image, Replicas: cfg.Replicas, Resources: resources(cfg.Resources),
		NodeSelector: cfg.NodeSelector, SentryDSN: cfg.SentryDSN,
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
		Labels: e.app.Labels("monitoring"), MatchLabels: map[string]string{"app.kubernetes.io/instance": epflApp},
		ScrapeInterval: cfg.ScrapeInterval,
		Targets: []components.ScrapeTarget{
			{App: components.BackendName, PortName: "http"},
			{App: components.RedisName, PortName: "metrics"},
		},
		Postgres: e.cfg.Postgres.Mode == config.PostgresStatefulSet, Host: e.cfg.Edge.Host, TLSSecret: e.cfg.Edge.TLSSecret,
	}, e.cluster)
	return err
}

func resources(r config.Resources) components.Resources {
	return components.Resources{
		CPURequest: r.Requests.CPU, MemoryRequest: r.Requests.Memory,
		CPULimit: r.Limits.CPU, MemoryLimit: r.Limits.Memory,
	}
}

// version is the tag of an image that config has checked.
func version(image string) string {
	ref, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return ""
	}
	if tagged, ok := ref.(reference.Tagged); ok {
		return tagged.Tag()
	}
	return ""
}
