package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/backend"
	"platform/components/edge"
	"platform/components/frontend"
	"platform/components/monitoring"
	"platform/components/namespace"
	"platform/components/object"
	"platform/components/postgres"
	"platform/components/redis"
	"platform/components/services"
	"platform/components/workload"
	"platform/config"
	"platform/stacks/secrets"
)

// epflApp is the application that the EPFL stacks deploy.
const epflApp = "co2-calculator"

// edgeName is the name of the Ingress, and of what stands in its place.
const edgeName = "co2-calculator-ingress"

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
	var left int // pods that the backend's autoscaler has left
	cluster, err := provider(ctx, cfg.Cluster, cfg.Render, findLeft(cfg, &left))
	if err != nil {
		return err
	}
	values, err := source.Values(ctx)
	if err != nil {
		return err
	}
	ns, err := namespace.New(ctx, cfg.Namespace(), namespace.Args{
		Name: cfg.Namespace(), App: epflApp, Environment: cfg.Environment, Owner: owner(ctx), Quota: &cfg.Quota, Protect: cfg.Protect,
	}, cluster)
	if err != nil {
		return err
	}
	app := object.App{
		Name: epflApp, Environment: cfg.Environment, Namespace: ns.Name, Owner: owner(ctx), Operator: source.Operator(), Made: &object.Made{},
	}
	if err := epflNetwork(ctx, cfg, app, cluster); err != nil {
		return err
	}
	database, queue, err := epflState(ctx, cfg, app, values, cluster)
	if err != nil {
		return err
	}
	url := "https://" + cfg.Edge.Host
	settings := backend.Settings{
		Backend: cfg.Backend, Environment: cfg.Environment, Database: database.Database, Queue: queue, URL: url,
		SecretKey: values[config.BackendSecret]["SECRET_KEY"], OIDCClientSecret: values[config.BackendSecret]["OIDC_CLIENT_SECRET"],
	}
	served, err := epflServing(ctx, cfg, app, settings, left, database.Ready, cluster)
	if err != nil {
		return err
	}
	if err := epflEdge(ctx, cfg, app, served, cluster); err != nil {
		return err
	}
	if cfg.Monitoring.Enabled {
		if _, err := monitoring.New(ctx, "monitoring", monitoring.Args{EPFL: cfg, App: app}, cluster); err != nil {
			return err
		}
	}
	export(ctx, cfg, app, url, database.Database.Host, values)
	return nil
}

// epflState runs what holds state; there is no queue without Redis.
func epflState(
	ctx *pulumi.Context, cfg *config.EPFL, app object.App, values map[string]pulumi.StringMap, cluster pulumi.ResourceOption,
) (*postgres.Postgres, *redis.Queue, error) {
	database, err := postgres.New(ctx, "postgres", postgres.Args{
		Postgres: cfg.Postgres, App: app, Protect: cfg.Protect,
		Password: values[config.BackendSecret]["DATABASE_PASSWORD"], AdminPassword: values[config.PostgresSecret]["admin-password"],
	}, cluster)
	if err != nil || !cfg.HasRedis() {
		return database, nil, err
	}
	broker, err := redis.New(ctx, "redis", redis.Args{
		Redis: cfg.Redis, App: app, Password: values[config.RedisSecret]["password"], Protect: cfg.Protect,
	}, cluster)
	if err != nil {
		return nil, nil, err
	}
	return database, &broker.Queue, nil
}

// epflServing runs what serves, and what runs jobs, once the database is ready,
// and returns what the edge leads to beside the services of the stack file.
func epflServing(
	ctx *pulumi.Context, cfg *config.EPFL, app object.App, settings backend.Settings, left int, ready []pulumi.Resource, cluster pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	api, err := backend.New(ctx, config.BackendName, backend.Args{
		App: app, Settings: settings, Jobs: cfg.Worker.Kind, Left: left, Rendered: cfg.Render.Directory != "", WaitImage: cfg.Postgres.Image,
	}, cluster, pulumi.DependsOn(ready))
	if err != nil {
		return nil, err
	}
	switch migrated := pulumi.DependsOn(api.Ready); cfg.Worker.Kind {
	case config.WorkerCelery:
		_, err = backend.NewWorker(ctx, config.WorkerName, backend.WorkerArgs{Worker: cfg.Worker, App: app, Settings: settings}, cluster, migrated)
	case config.WorkerPoller:
		_, err = backend.NewPoller(ctx, config.PollerName, backend.PollerArgs{Worker: cfg.Worker, App: app, Settings: settings}, cluster, migrated)
	case config.WorkerNone: // the backend itself
	}
	if err != nil {
		return nil, err
	}
	site, err := frontend.New(ctx, config.FrontendName, frontend.Args{Frontend: cfg.Frontend, App: app}, cluster)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{api, site}, nil
}

// epflEdge runs the services of the stack file and publishes the application,
// once there is something to publish: the provider waits no longer than a few
// minutes for the Services that an Ingress leads to.
func epflEdge(ctx *pulumi.Context, cfg *config.EPFL, app object.App, served []pulumi.Resource, cluster pulumi.ResourceOption) error {
	paths := []edge.PathRule{
		{Prefix: "/api", Service: backend.ServiceName, Port: backend.Port},
		{Prefix: "/", Service: frontend.ServiceName, Port: 80},
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Services)) {
		service, err := workload.New(ctx, name, services.Workload(app, name, cfg.Services[name]), cluster)
		if err != nil {
			return err
		}
		if cfg.Services[name].Path != "" {
			paths, served = append(paths, services.Path(name, cfg.Services[name])), append(served, service)
		}
	}
	_, err := edge.New(ctx, "edge", edge.Args{Edge: cfg.Edge, App: app, Name: edgeName, Paths: paths}, cluster, pulumi.DependsOn(served))
	return err
}
