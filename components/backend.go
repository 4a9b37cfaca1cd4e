package components

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// The backend's Service and port.
const (
	BackendService = "backend-service"
	BackendPort    = 8000
	backendUser    = 1001 // the image's own user
	backendGrace   = 60   // seconds: the longest request the edge waits for
	requestSeconds = 45   // that a request may take of them, so that the rest is for the drain and a tidy end
	startupTries   = 60   // of two seconds each, for Python to import the application
)

// Backend is the FastAPI application, with the configuration that it shares
// with the workers and the migration that runs before it.
type Backend struct {
	pulumi.ResourceState
	Ready []pulumi.Resource // configuration is there and the schema is up to date
}

// BackendArgs shapes the backend.
type BackendArgs struct {
	App      App
	Settings BackendSettings
	Jobs     config.WorkerKind // who runs the jobs that it takes on
	Left     int               // pods that an autoscaler has left, in the place of Replicas; 0 means none
	Rendered bool              // for manifests that something else applies, see [WorkloadArgs.Rendered]
	// WaitImage has pg_isready, with which the migration waits for the database;
	// empty means that it tries at once.
	WaitImage string
}

// NewBackend registers the backend behind backend-service, port 8000. New pods
// start only after the migration of their image has completed.
func NewBackend(ctx *pulumi.Context, name string, args BackendArgs, opts ...pulumi.ResourceOption) (*Backend, error) {
	b := &Backend{}
	return register(ctx, "Backend", name, b, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		configuration, err := args.Settings.register(ctx, args.App, child)
		if err != nil {
			return nil, err
		}
		migration, err := NewJob(ctx, config.MigrationName, args.migration(), child, pulumi.DependsOn(configuration))
		if err != nil {
			return nil, err
		}
		b.Ready = slices.Concat(configuration, []pulumi.Resource{migration.Job})
		workload := args.workload()
		workload.Pod.Revision = args.Settings.revision()
		_, err = NewWorkload(ctx, name, workload, child, pulumi.DependsOn(b.Ready))
		return nil, err
	})
}

func (a BackendArgs) workload() WorkloadArgs {
	cfg := a.Settings.Backend
	return WorkloadArgs{
		App: a.App, Component: config.BackendName, Replicas: cfg.Replicas, Left: a.Left, Service: BackendService,
		Autoscaling: cfg.Autoscaling, Rendered: a.Rendered,
		Pod: Pod{
			Containers:   []Container{a.server()},
			User:         backendUser,
			NodeSelector: cfg.NodeSelector,
			GraceSeconds: backendGrace,
		},
	}
}

func (a BackendArgs) server() Container {
	cfg := a.Settings.Backend
	return Container{
		Name: config.BackendName, Image: cfg.Image, Resources: cfg.Resources,
		Env: append(a.Settings.environment(), jobSwitches(a.Jobs)...), EnvFrom: []string{BackendConfigMap},
		Ports: []Port{{Name: "http", Container: BackendPort, Service: BackendPort}},
		Probes: Probes{
			Startup:   &Probe{Port: "http", Path: cfg.LivePath, PeriodSeconds: 2, FailureThreshold: startupTries},
			Readiness: &Probe{Port: "http", Path: cfg.ReadyPath, PeriodSeconds: 5, TimeoutSeconds: 5},
			Liveness:  &Probe{Port: "http", Path: cfg.LivePath, PeriodSeconds: 20, TimeoutSeconds: 5},
		},
		Mounts:       a.Settings.mounts(256),
		DrainSeconds: drainSeconds,
	}
}

// migration brings the schema to what the image expects. It runs again for a
// new image and for another database, not for a change of other settings.
func (a BackendArgs) migration() JobArgs {
	cfg := a.Settings.Backend
	var before []Container
	if a.WaitImage != "" {
		before = []Container{waitForPostgres(a.WaitImage, a.Settings.Database.Host, a.Settings.Database.User)}
	}
	return JobArgs{
		App: a.App, Component: config.MigrationName, TimeoutSeconds: cfg.Migrations.TimeoutSeconds,
		Pod: Pod{
			Init: before,
			Containers: []Container{{
				Name: config.MigrationName, Image: cfg.Image, Resources: cfg.Resources,
				Command: []string{"alembic", "upgrade", "head"},
				Env:     a.Settings.environment(), EnvFrom: []string{BackendConfigMap},
				Mounts: a.Settings.mounts(256),
			}},
			User:         backendUser,
			NodeSelector: cfg.NodeSelector,
		},
		Triggers: map[string]string{
			"host": a.Settings.Database.Host, "database": a.Settings.Database.Name,
		},
	}
}
