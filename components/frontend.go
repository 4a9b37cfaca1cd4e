package components

import (
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// The frontend's Service and port.
const (
	FrontendService = "frontend-service"
	FrontendPort    = 8080 // of the container: nginx without privileges cannot bind 80
	frontendUser    = 101  // the image's nginx user
)

// Frontend is nginx with the single-page application.
type Frontend struct {
	pulumi.ResourceState
}

// FrontendArgs shapes the frontend.
type FrontendArgs struct {
	config.Frontend
	App App
}

// NewFrontend registers the frontend and frontend-service, which serves it on
// port 80.
func NewFrontend(ctx *pulumi.Context, name string, args FrontendArgs, opts ...pulumi.ResourceOption) (*Frontend, error) {
	return register(ctx, "Frontend", name, &Frontend{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		_, err := NewWorkload(ctx, name, args.workload(), child)
		return nil, err
	})
}

func (a FrontendArgs) workload() WorkloadArgs {
	pod := Pod{Containers: []Container{a.nginx()}, User: frontendUser, NodeSelector: a.NodeSelector}
	if !a.injectsIntoScratch() {
		pod.Init = []Container{a.prepare()}
	}
	return WorkloadArgs{
		App: a.App, Component: config.FrontendName, Replicas: a.Replicas, Service: FrontendService, Pod: pod,
	}
}

// injectsIntoScratch tells whether the file lies in a folder that is writable
// anyway. Mounted there nevertheless, it could not be replaced.
func (a FrontendArgs) injectsIntoScratch() bool {
	return slices.ContainsFunc(a.scratches(), func(m Mount) bool { return strings.HasPrefix(a.InjectedFile, m.Path+"/") })
}

// prepare makes one file among the read-only static files writable: a mount of
// a single file needs the file to exist on the volume, or the kubelet makes a
// folder of that name.
func (a FrontendArgs) prepare() Container {
	const volume = "/injected"
	at := volume + "/" + path.Base(a.InjectedFile)
	return Container{
		Name: "prepare", Image: a.Image, Resources: a.Resources,
		Command: []string{"sh", "-c", "cp " + a.InjectedFile + " " + at + " 2>/dev/null || : > " + at},
		Mounts:  []Mount{{Volume: Scratch("injected", 1), Path: volume}},
	}
}

// scratches are the folders that nginx and the start script write to.
func (a FrontendArgs) scratches() []Mount {
	return []Mount{
		{Volume: Scratch("tmp", 64), Path: "/tmp"},
		{Volume: Scratch("cache", 128), Path: "/var/cache/nginx"},
		{Volume: Scratch("run", 1), Path: "/var/run"},
	}
}

func (a FrontendArgs) nginx() Container {
	mounts := a.scratches()
	if !a.injectsIntoScratch() {
		mounts = append(mounts, Mount{Volume: Scratch("injected", 1), Path: a.InjectedFile, SubPath: path.Base(a.InjectedFile)})
	}
	return Container{
		Name: config.FrontendName, Image: a.Image, Resources: a.Resources, Mounts: mounts,
		Env:   a.environment(),
		Ports: []Port{{Name: "http", Container: FrontendPort, Service: 80}},
		Probes: Probes{
			Startup:   &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &Probe{Port: "http", Path: a.ReadyPath},
			Liveness:  &Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 20},
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
