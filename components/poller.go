package components

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typePoller = "platform:components:Poller" // the state remembers it: change it only with an alias

// PollerName is the Deployment of the pods that run jobs without a queue.
const PollerName = "backend-worker"

// pollerGrace is what a stopping poller gets to hand its jobs back.
const pollerGrace = 60 // seconds

// Poller is pods of the backend's image that find jobs in the database and run
// them. Nobody sends them requests, so they have no Service.
type Poller struct {
	pulumi.ResourceState
}

// PollerArgs shapes the pollers. Only NodeSelector may be empty.
type PollerArgs struct {
	App          App
	Image        string // the backend's
	Replicas     int
	Resources    Resources
	NodeSelector map[string]string
	LivePath     string // such as /healthz
	Settings     BackendSettings
	After        []pulumi.Resource // the backend's configuration and migration
}

// Validate returns every fault at once.
func (a PollerArgs) Validate() error {
	return errors.Join(a.workload().Validate(), a.Settings.Validate(), required("livePath", a.LivePath))
}

// NewPoller registers the pollers.
func NewPoller(ctx *pulumi.Context, name string, args PollerArgs, opts ...pulumi.ResourceOption) (*Poller, error) {
	if err := join("poller", name, args.Validate()); err != nil {
		return nil, err
	}
	p := &Poller{}
	if err := ctx.RegisterComponentResource(typePoller, name, p, opts...); err != nil {
		return nil, fmt.Errorf("register poller %q: %w", name, err)
	}
	workload := args.workload()
	workload.Pod.Revision = args.Settings.revision()
	if _, err := NewWorkload(ctx, name, workload, args.After, pulumi.Parent(p)); err != nil {
		return nil, fmt.Errorf("poller %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(p, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("poller %q outputs: %w", name, err)
	}
	return p, nil
}

func (a PollerArgs) workload() WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: PollerName, Replicas: a.Replicas,
		Pod: Pod{
			Containers:   []Container{a.server()},
			User:         backendUser,
			NodeSelector: a.NodeSelector,
			GraceSeconds: pollerGrace,
		},
	}
}

// server starts as the image does. All probes ask whether the program runs: a
// poller that waits for the database serves nobody less.
func (a PollerArgs) server() Container {
	return Container{
		Name: PollerName, Image: a.Image, Resources: a.Resources,
		Env: append(a.Settings.environment(), jobSwitches(true)...), EnvFrom: []string{BackendConfigMap},
		Ports: []Port{{Name: "http", Container: BackendPort}},
		Probes: Probes{
			Startup:   &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 2, FailureThreshold: startupTries},
			Readiness: &Probe{Port: "http", Path: a.LivePath, TimeoutSeconds: 5},
			Liveness:  &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
		Mounts: a.Settings.mounts(512),
	}
}
