// Package backend is the API of the co2-calculator, and the processes that run
// its jobs.
package backend

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/postgres"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

// The backend's Service and port.
const (
	ServiceName    = "backend-service"
	Port           = 8000
	userID         = 1001 // the image's own user
	graceSeconds   = 60   // seconds: the longest request the edge waits for
	requestSeconds = 45   // that a request may take of them, so that the rest is for the drain and a tidy end
	startupTries   = 60   // of two seconds each, for Python to import the application
)

// Backend is the FastAPI application, with the configuration that it shares
// with the workers and the migration that runs before it.
type Backend struct {
	pulumi.ResourceState
	Ready []pulumi.Resource // configuration is there and the schema is up to date
}

// Args shapes the backend.
type Args struct {
	App      object.App
	Settings Settings
	Jobs     config.WorkerKind // who runs the jobs that it takes on
	Left     int               // pods that an autoscaler has left, in the place of Replicas; 0 means none
	Rendered bool              // for manifests that something else applies, see [workload.Args.Rendered]
	// WaitImage has pg_isready, with which the migration waits for the database;
	// empty means that it tries at once.
	WaitImage string
}

// New registers the backend behind backend-service, port 8000. New pods
// start only after the migration of their image has completed.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Backend, error) {
	b := &Backend{}
	return object.Register(ctx, "Backend", name, b, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		configuration, err := args.Settings.register(ctx, args.App, child)
		if err != nil {
			return nil, err
		}
		migration, err := workload.NewJob(ctx, config.MigrationName, args.migration(), child, pulumi.DependsOn(configuration))
		if err != nil {
			return nil, err
		}
		b.Ready = slices.Concat(configuration, []pulumi.Resource{migration.Job})
		deployment := args.workload()
		deployment.Pod.Revision = args.Settings.revision()
		_, err = workload.New(ctx, name, deployment, child, pulumi.DependsOn(b.Ready))
		return nil, err
	})
}

func (a Args) workload() workload.Args {
	cfg := a.Settings.Backend
	return workload.Args{
		App: a.App, Component: config.BackendName, Replicas: cfg.Replicas, Left: a.Left, Service: ServiceName,
		Autoscaling: cfg.Autoscaling, Rendered: a.Rendered,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.server()},
			User:         userID,
			NodeSelector: cfg.NodeSelector,
			GraceSeconds: graceSeconds,
		},
	}
}

func (a Args) server() pod.Container {
	cfg := a.Settings.Backend
	return pod.Container{
		Name: config.BackendName, Image: cfg.Image, Resources: cfg.Resources,
		Env: append(a.Settings.environment(), jobSwitches(a.Jobs)...), EnvFrom: []string{ConfigMapName},
		Ports: []pod.Port{{Name: "http", Container: Port, Service: Port}},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "http", Path: cfg.LivePath, PeriodSeconds: 2, FailureThreshold: startupTries},
			Readiness: &pod.Probe{Port: "http", Path: cfg.ReadyPath, PeriodSeconds: 5, TimeoutSeconds: 5},
			Liveness:  &pod.Probe{Port: "http", Path: cfg.LivePath, PeriodSeconds: 20, TimeoutSeconds: 5},
		},
		Mounts:       a.Settings.mounts(256),
		DrainSeconds: service.DrainSeconds,
	}
}

// migration brings the schema to what the image expects. It runs again for a
// new image and for another database, not for a change of other settings.
func (a Args) migration() workload.JobArgs {
	cfg := a.Settings.Backend
	var before []pod.Container
	if a.WaitImage != "" {
		before = []pod.Container{postgres.WaitForPostgres(a.WaitImage, a.Settings.Database.Host, a.Settings.Database.User)}
	}
	return workload.JobArgs{
		App: a.App, Component: config.MigrationName, TimeoutSeconds: cfg.Migrations.TimeoutSeconds,
		Pod: pod.Pod{
			Init: before,
			Containers: []pod.Container{{
				Name: config.MigrationName, Image: cfg.Image, Resources: cfg.Resources,
				Command: []string{"alembic", "upgrade", "head"},
				Env:     a.Settings.environment(), EnvFrom: []string{ConfigMapName},
				Mounts: a.Settings.mounts(256),
			}},
			User:         userID,
			NodeSelector: cfg.NodeSelector,
		},
		Triggers: map[string]string{
			"host": a.Settings.Database.Host, "database": a.Settings.Database.Name,
		},
	}
}
