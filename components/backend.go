package components

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeBackend = "platform:components:Backend" // the state remembers it: change it only with an alias

// The backend's names and port, as the seed has them.
const (
	BackendName    = "backend"
	BackendService = "backend-service"
	BackendPort    = 8000
	MigrationName  = "backend-migrate"
	// BackendAutoscaler is the name of the backend's HorizontalPodAutoscaler.
	BackendAutoscaler = "backend-hpa"
	backendUser       = 1001 // the image's own user
	backendGrace      = 60   // seconds: the longest request the edge waits for
	requestSeconds    = 45   // that a request may take of them, so that the rest is for the drain and a tidy end
	startupTries      = 60   // of two seconds each, for Python to import the application
)

// Backend is the FastAPI application, with the configuration that it shares
// with the workers and the migration that runs before it.
type Backend struct {
	pulumi.ResourceState
	Ready []pulumi.Resource // configuration is there and the schema is up to date
}

// BackendArgs shapes the backend. Only NodeSelector and Autoscaling may be
// empty.
type BackendArgs struct {
	App                     App
	Image                   string // repository:tag; never latest
	Replicas                int    // at least 1; ignored under Autoscaling
	Autoscaling             *Autoscaling
	Left                    int // pods that an autoscaler has left, in the place of Replicas; 0 means none
	Resources               Resources
	NodeSelector            map[string]string
	LivePath                string // such as /health
	ReadyPath               string
	Settings                BackendSettings
	Jobs                    Jobs
	MigrationTimeoutSeconds int
	WaitImage               string            // has pg_isready, with which the migration waits for the database; empty means that it tries at once
	After                   []pulumi.Resource // the database, where this program runs it
}

// Validate returns every fault at once.
func (a BackendArgs) Validate() error {
	return errors.Join(a.workload().Validate(), a.migration().Validate(), a.Settings.Validate(),
		required("livePath", a.LivePath), required("readyPath", a.ReadyPath), a.Jobs.validate())
}

// NewBackend registers the backend behind backend-service, port 8000. New pods
// start only after the migration of their image has completed.
func NewBackend(ctx *pulumi.Context, name string, args BackendArgs, opts ...pulumi.ResourceOption) (*Backend, error) {
	if err := join("backend", name, args.Validate()); err != nil {
		return nil, err
	}
	b := &Backend{}
	if err := ctx.RegisterComponentResource(typeBackend, name, b, opts...); err != nil {
		return nil, fmt.Errorf("register backend %q: %w", name, err)
	}
	configuration, err := args.Settings.register(ctx, args.App, pulumi.Parent(b))
	if err != nil {
		return nil, fmt.Errorf("backend %q: %w", name, err)
	}
	migration, err := NewJob(ctx, MigrationName, args.migration(), slices.Concat(configuration, args.After), pulumi.Parent(b))
	if err != nil {
		return nil, fmt.Errorf("backend %q: %w", name, err)
	}
	b.Ready = slices.Concat(configuration, []pulumi.Resource{migration.Job})
	workload := args.workload()
	workload.Pod.Revision = args.Settings.revision()
	if _, err := NewWorkload(ctx, name, workload, b.Ready, pulumi.Parent(b)); err != nil {
		return nil, fmt.Errorf("backend %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(b, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("backend %q outputs: %w", name, err)
	}
	return b, nil
}

func (a BackendArgs) workload() WorkloadArgs {
	w := WorkloadArgs{
		App: a.App, Component: BackendName, Replicas: a.Replicas, Left: a.Left, Service: BackendService,
		Pod: Pod{
			Containers:   []Container{a.server()},
			User:         backendUser,
			NodeSelector: a.NodeSelector,
			GraceSeconds: backendGrace,
		},
	}
	if a.Autoscaling != nil {
		scaling := *a.Autoscaling
		scaling.Name = or(scaling.Name, BackendAutoscaler)
		w.Autoscaling = &scaling
	}
	return w
}

func (a BackendArgs) server() Container {
	return Container{
		Name: BackendName, Image: a.Image, Resources: a.Resources,
		Env: append(a.Settings.environment(), a.Jobs.environment()...), EnvFrom: []string{BackendConfigMap},
		Ports: []Port{{Name: "http", Container: BackendPort, Service: BackendPort}},
		Probes: Probes{
			Startup:   &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 2, FailureThreshold: startupTries},
			Readiness: &Probe{Port: "http", Path: a.ReadyPath, PeriodSeconds: 5, TimeoutSeconds: 5},
			Liveness:  &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 20, TimeoutSeconds: 5},
		},
		Mounts:       a.Settings.mounts(256),
		DrainSeconds: drainSeconds,
	}
}

// migration brings the schema to what the image expects. It runs again for a
// new image and for another database, not for a change of other settings.
func (a BackendArgs) migration() JobArgs {
	var before []Container
	if a.WaitImage != "" {
		before = []Container{waitForPostgres(a.WaitImage, a.Settings.Database.Host, a.Settings.Database.User)}
	}
	return JobArgs{
		App: a.App, Component: MigrationName, TimeoutSeconds: a.MigrationTimeoutSeconds,
		Pod: Pod{
			Init: before,
			Containers: []Container{{
				Name: MigrationName, Image: a.Image, Resources: a.Resources,
				Command: []string{"alembic", "upgrade", "head"},
				Env:     a.Settings.environment(), EnvFrom: []string{BackendConfigMap},
				Mounts: a.Settings.mounts(256),
			}},
			User:         backendUser,
			NodeSelector: a.NodeSelector,
		},
		Triggers: map[string]string{
			"host": a.Settings.Database.Host, "database": a.Settings.Database.Name,
		},
	}
}
