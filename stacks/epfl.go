package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
	"platform/stacks/secrets"
)

// epflApp is the application that the EPFL stacks deploy.
const epflApp = "co2-calculator"

// The outputs of an EPFL stack.
const (
	OutputURL       = "url"       // where users find the application
	OutputNamespace = "namespace" // where it runs
)

// EPFL composes the co2-calculator: a closed namespace, then what holds state,
// then what serves.
func EPFL(ctx *pulumi.Context, cfg *config.EPFL) error {
	if err := protect(ctx, cfg.Waivers); err != nil {
		return err
	}
	source, err := secrets.New(ctx, cfg)
	if err != nil {
		return err
	}
	e := environment{cfg: cfg, source: source}
	if e.cluster, err = provider(ctx, cfg.Cluster, cfg.Render, e.findLeft); err != nil {
		return err
	}
	for _, part := range []struct {
		key     string
		compose func(*pulumi.Context) error
	}{
		{"quota", e.namespace},
		{"topology.ingressController", e.network},
		{"postgres", e.postgres}, // first of what serves: two Jobs wait for it, one after the other
		{"redis", e.redis},
		{"backend", e.backend},
		{"worker", e.worker},
		{"frontend", e.frontend},
		{"services", e.services},
		{"edge", e.edge},
		{"monitoring", e.monitoring},
	} {
		if err := part.compose(ctx); err != nil {
			return fmt.Errorf("config %s:%s (stack %s): %w", config.Namespace, part.key, ctx.Stack(), err)
		}
	}
	ctx.Export(OutputURL, pulumi.String(e.url()))
	ctx.Export(OutputNamespace, e.app.Namespace)
	return nil
}

// environment is one environment while it is composed: each part adds what
// later ones need.
type environment struct {
	cfg      *config.EPFL
	cluster  pulumi.ResourceOption
	source   *secrets.Store
	app      components.App
	queue    *components.Queue // nil without Redis
	database *components.Postgres
	settings components.BackendSettings
	left     int               // pods that the backend's autoscaler has left; 0 means none
	ready    []pulumi.Resource // configured and migrated
}

func (e *environment) url() string { return "https://" + e.cfg.Edge.Host }

func (e *environment) namespace(ctx *pulumi.Context) error {
	quota := e.cfg.Quota
	namespace, err := components.NewNamespace(ctx, e.cfg.Namespace(), components.NamespaceArgs{
		Name: e.cfg.Namespace(), App: epflApp, Environment: e.cfg.Environment, Owner: owner(ctx), Protect: e.cfg.Protect,
		Quota: &components.Quota{
			Resources: resources(config.Resources{Requests: quota.Requests, Limits: quota.Limits}),
			Pods:      quota.Pods, StorageGiB: quota.StorageGiB,
		},
	}, e.cluster)
	if err != nil {
		return err
	}
	e.app = components.App{
		Name: epflApp, Environment: e.cfg.Environment, Namespace: namespace.Name, Owner: owner(ctx), Operator: e.source.Delivery(),
	}
	return nil
}

func (e *environment) redis(ctx *pulumi.Context) error {
	if !e.cfg.HasRedis() {
		return nil
	}
	cfg := e.cfg.Redis
	password, err := e.source.Value(ctx, "redis-auth", "password")
	if err != nil {
		return err
	}
	redis, err := components.NewRedis(ctx, "redis", components.RedisArgs{
		App: e.app, Image: cfg.Image, Resources: resources(cfg.Resources), NodeSelector: cfg.NodeSelector,
		MaxMemoryMiB: cfg.MaxMemoryMiB, StorageGiB: cfg.StorageGiB, StorageClass: cfg.StorageClass,
		Password: password, ExporterImage: cfg.Exporter.Image, ExporterResources: resources(cfg.Exporter.Resources),
		Protect: e.cfg.Protect,
	}, e.cluster)
	if err != nil {
		return err
	}
	e.queue = &redis.Queue
	return nil
}

func (e *environment) postgres(ctx *pulumi.Context) error {
	cfg := e.cfg.Postgres
	password, err := e.source.Value(ctx, components.BackendSecret, "DATABASE_PASSWORD")
	if err != nil {
		return err
	}
	args := components.PostgresArgs{App: e.app, Database: cfg.Database, User: cfg.User, Password: password}
	if cfg.Mode == config.PostgresManaged {
		args.Managed = &components.ManagedPostgres{Host: cfg.Managed.Host, Port: cfg.Managed.Port, SSLMode: cfg.Managed.SSLMode}
	} else if args.Server, err = e.server(ctx); err != nil {
		return err
	}
	e.database, err = components.NewPostgres(ctx, "postgres", args, e.cluster)
	return err
}

func (e *environment) server(ctx *pulumi.Context) (*components.PostgresServer, error) {
	cfg := e.cfg.Postgres
	admin, err := e.source.Value(ctx, "postgres-credentials", "admin-password")
	if err != nil {
		return nil, err
	}
	server := &components.PostgresServer{
		Image: cfg.Image, Resources: resources(cfg.Resources), NodeSelector: cfg.NodeSelector,
		StorageGiB: cfg.StorageGiB, StorageClass: cfg.StorageClass, AdminPassword: admin, Protect: e.cfg.Protect,
	}
	if cfg.Backup.Enabled {
		server.Backup = &components.Backup{
			Schedule: cfg.Backup.Schedule, KeepDays: cfg.Backup.KeepDays, Resources: resources(cfg.Backup.Resources),
			StorageGiB: cfg.Backup.StorageGiB, StorageClass: cfg.Backup.StorageClass,
		}
	}
	return server, nil
}
