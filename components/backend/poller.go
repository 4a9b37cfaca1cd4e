package backend

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// pollerGrace is what a stopping poller gets to hand its jobs back.
const pollerGrace = 60 // seconds

// Poller is pods of the backend's image that find jobs in the database and run
// them. Nobody sends them requests, so they have no Service.
type Poller struct {
	pulumi.ResourceState
}

// PollerArgs shapes the pollers.
type PollerArgs struct {
	config.Worker
	App      object.App
	Settings Settings
}

// NewPoller registers the pollers.
func NewPoller(ctx *pulumi.Context, name string, args PollerArgs, opts ...pulumi.ResourceOption) (*Poller, error) {
	return object.Register(ctx, "Poller", name, &Poller{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		_, err := workload.New(ctx, name, args.workload(), child)
		return nil, err
	})
}

func (a PollerArgs) workload() workload.Args {
	return workload.Args{
		App: a.App, Component: config.PollerName, Replicas: a.Replicas,
		Pod: pod.Pod{
			Containers:   []pod.Container{a.server()},
			User:         userID,
			NodeSelector: a.NodeSelector,
			GraceSeconds: pollerGrace,
			Revision:     a.Settings.revision(),
		},
	}
}

// server starts as the image does. All probes ask whether the program runs: a
// poller that waits for the database serves nobody less.
func (a PollerArgs) server() pod.Container {
	return pod.Container{
		Name: config.PollerName, Image: a.Settings.Image, Resources: a.Resources,
		Env: append(a.Settings.environment(), jobSwitches(config.WorkerNone)...), EnvFrom: []string{ConfigMapName},
		Ports: []pod.Port{{Name: "http", Container: Port}},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "http", Path: a.Settings.LivePath, PeriodSeconds: 2, FailureThreshold: startupTries},
			Readiness: &pod.Probe{Port: "http", Path: a.Settings.LivePath, TimeoutSeconds: 5},
			Liveness:  &pod.Probe{Port: "http", Path: a.Settings.LivePath, PeriodSeconds: 20, TimeoutSeconds: 5, FailureThreshold: 6},
		},
		Mounts: a.Settings.mounts(512),
	}
}
