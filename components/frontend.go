package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typeFrontend = "platform:components:Frontend" // the state remembers it: change it only with an alias

// The frontend's names and ports. The Service's name is in the seed and in
// the edge's rules.
const (
	FrontendName    = "frontend"
	FrontendService = "frontend-service"
	FrontendPort    = 8080 // of the container: nginx without privileges cannot bind 80
	frontendUser    = 101  // the image's nginx user
)

// Frontend is nginx with the single-page application.
type Frontend struct {
	pulumi.ResourceState
}

// FrontendArgs shapes the frontend. Only NodeSelector and SentryDSN may be
// empty.
type FrontendArgs struct {
	App          App
	Image        string // repository:tag; never latest
	Replicas     int
	Resources    Resources
	NodeSelector map[string]string
	SentryDSN    string // browsers send to it, so it is no secret
}

// NewFrontend registers the frontend and frontend-service, which serves it on
// port 80.
func NewFrontend(ctx *pulumi.Context, name string, args FrontendArgs, opts ...pulumi.ResourceOption) (*Frontend, error) {
	f := &Frontend{}
	if err := join("frontend", name, args.workload().Validate()); err != nil {
		return nil, err
	}
	if err := ctx.RegisterComponentResource(typeFrontend, name, f, opts...); err != nil {
		return nil, fmt.Errorf("register frontend %q: %w", name, err)
	}
	if _, err := NewWorkload(ctx, name, args.workload(), nil, pulumi.Parent(f)); err != nil {
		return nil, fmt.Errorf("frontend %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(f, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("frontend %q outputs: %w", name, err)
	}
	return f, nil
}

func (a FrontendArgs) workload() WorkloadArgs {
	return WorkloadArgs{
		App: a.App, Component: FrontendName, Replicas: a.Replicas, Service: FrontendService,
		Pod: Pod{
			Init:         []Container{a.prepare()},
			Containers:   []Container{a.nginx()},
			User:         frontendUser,
			NodeSelector: a.NodeSelector,
		},
	}
}

// injected is the file that the image's start script writes from the APP_
// variables beside the read-only static files.
const injected = "/usr/share/nginx/html/injectEnv.js"

// prepare makes that one file writable: a mount of a single file needs the
// file to exist on the volume, or the kubelet makes a folder of that name.
func (a FrontendArgs) prepare() Container {
	return Container{
		Name: "prepare", Image: a.Image, Resources: a.Resources,
		Command: []string{"sh", "-c", "cp " + injected + " /injected/injectEnv.js 2>/dev/null || : > /injected/injectEnv.js"},
		Mounts:  []Mount{{Volume: Scratch("injected", 1), Path: "/injected"}},
	}
}

func (a FrontendArgs) nginx() Container {
	return Container{
		Name: FrontendName, Image: a.Image, Resources: a.Resources,
		Env:   a.environment(),
		Ports: []Port{{Name: "http", Container: FrontendPort, Service: 80}},
		Probes: Probes{
			Startup:   &Probe{Port: "http", Path: "/healthz", PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &Probe{Port: "http", Path: "/ready"},
			Liveness:  &Probe{Port: "http", Path: "/healthz", PeriodSeconds: 20},
		},
		Mounts: []Mount{
			{Volume: Scratch("tmp", 64), Path: "/tmp"},
			{Volume: Scratch("cache", 128), Path: "/var/cache/nginx"},
			{Volume: Scratch("run", 1), Path: "/var/run"},
			{Volume: Scratch("injected", 1), Path: injected, SubPath: "injectEnv.js"},
		},
		DrainSeconds: drainSeconds,
	}
}

func (a FrontendArgs) environment() []EnvVar {
	env := []EnvVar{
		Literal("API_BASE_URL", "/api"),
		Literal("APP_ENVIRONMENT", a.App.Environment),
	}
	if a.SentryDSN != "" {
		env = append(env, Literal("APP_SENTRY_DSN", a.SentryDSN))
	}
	return env
}
