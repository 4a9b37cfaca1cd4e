// Package frontend is the site of the co2-calculator.
package frontend

import (
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

// The frontend's Service and port.
const (
	ServiceName = "frontend-service"
	Port        = 8080 // of the container: nginx without privileges cannot bind 80
	userID      = 101  // the image's nginx user
)

// Frontend is nginx with the single-page application.
type Frontend struct {
	pulumi.ResourceState
}

// Args shapes the frontend.
type Args struct {
	config.Frontend
	App object.App
}

// New registers the frontend and frontend-service, which serves it on
// port 80.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Frontend, error) {
	return object.Register(ctx, "Frontend", name, &Frontend{}, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		_, err := workload.New(ctx, name, args.workload(), child)
		return nil, err
	})
}

func (a Args) workload() workload.Args {
	server := pod.Pod{Containers: []pod.Container{a.nginx()}, User: userID, NodeSelector: a.NodeSelector}
	if !a.injectsIntoScratch() {
		server.Init = []pod.Container{a.prepare()}
	}
	return workload.Args{
		App: a.App, Component: config.FrontendName, Replicas: a.Replicas, Service: ServiceName, Pod: server,
	}
}

// injectsIntoScratch reports whether the file lies in a folder that is writable
// anyway. Mounted there nevertheless, it could not be replaced.
func (a Args) injectsIntoScratch() bool {
	return slices.ContainsFunc(a.scratches(), func(m pod.Mount) bool { return strings.HasPrefix(a.InjectedFile, m.Path+"/") })
}

// prepare makes one file among the read-only static files writable: a mount of
// a single file needs the file to exist on the volume, or the kubelet makes a
// folder of that name.
func (a Args) prepare() pod.Container {
	const volume = "/injected"
	at := volume + "/" + path.Base(a.InjectedFile)
	return pod.Container{
		Name: "prepare", Image: a.Image, Resources: a.Resources,
		Command: []string{"sh", "-c", "cp " + a.InjectedFile + " " + at + " 2>/dev/null || : > " + at},
		Mounts:  []pod.Mount{{Volume: pod.Scratch("injected", 1), Path: volume}},
	}
}

// scratches are the folders that nginx and the start script write to.
func (a Args) scratches() []pod.Mount {
	return []pod.Mount{
		{Volume: pod.Scratch("tmp", 64), Path: "/tmp"},
		{Volume: pod.Scratch("cache", 128), Path: "/var/cache/nginx"},
		{Volume: pod.Scratch("run", 1), Path: "/var/run"},
	}
}

func (a Args) nginx() pod.Container {
	mounts := a.scratches()
	if !a.injectsIntoScratch() {
		mounts = append(mounts, pod.Mount{Volume: pod.Scratch("injected", 1), Path: a.InjectedFile, SubPath: path.Base(a.InjectedFile)})
	}
	return pod.Container{
		Name: config.FrontendName, Image: a.Image, Resources: a.Resources, Mounts: mounts,
		Env:   a.environment(),
		Ports: []pod.Port{{Name: "http", Container: Port, Service: 80}},
		Probes: pod.Probes{
			Startup:   &pod.Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 2, FailureThreshold: 30},
			Readiness: &pod.Probe{Port: "http", Path: a.ReadyPath},
			Liveness:  &pod.Probe{Port: "http", Path: a.LivePath, PeriodSeconds: 20},
		},
		DrainSeconds: service.DrainSeconds,
	}
}

func (a Args) environment() []pod.EnvVar {
	env := []pod.EnvVar{
		pod.Literal("API_BASE_URL", "/api"),
		pod.Literal("APP_ENVIRONMENT", a.App.Environment),
	}
	if a.SentryDSN != "" {
		env = append(env, pod.Literal("APP_SENTRY_DSN", a.SentryDSN))
	}
	return env
}
