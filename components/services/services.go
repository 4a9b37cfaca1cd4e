// Package services is the services that stack files list.
package services

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/edge"
	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/components/workload"
	"platform/config"
)

const (
	// servicePort is what every service is reached at, inside.
	servicePort = config.DefaultServicePort
	// scratchMiB bounds each folder that a service writes to.
	scratchMiB = 64
)

// Workload is a service of the co2-calculator's stack file.
func Workload(app object.App, name string, cfg config.Service) workload.Args {
	return workload.Args{
		App: app, Component: name, Replicas: cfg.Replicas, Service: name + "-service",
		Pod: pod.Pod{
			Containers: []pod.Container{{
				Name: name, Image: cfg.Image, Resources: cfg.Resources,
				Ports:  []pod.Port{{Name: "http", Container: cfg.Port, Service: servicePort}},
				Probes: serviceProbes("http", cfg.HealthPath), Env: literals(cfg.Env), Mounts: scratches(cfg.Writable), DrainSeconds: service.DrainSeconds,
			}},
			User: cfg.User, NodeSelector: cfg.NodeSelector,
		},
	}
}

// Path is where the edge publishes a service of the co2-calculator.
func Path(name string, cfg config.Service) edge.PathRule {
	return edge.PathRule{Prefix: cfg.Path, Service: name + "-service", Port: servicePort}
}

// CoreWorkload is a service of Edd Cloud. Its revision is that of the
// secrets that it reads.
func CoreWorkload(app object.App, name string, cfg config.CoreService, pullSecret string, secrets pulumi.StringMap) workload.Args {
	container := pod.Container{
		Name: name, Image: cfg.Image, Command: cfg.Command, Args: cfg.Args, Resources: cfg.Resources,
		Env: coreEnv(cfg), DrainSeconds: service.DrainSeconds, Mounts: scratches(append([]string{"/tmp"}, cfg.Writable...)),
	}
	if cfg.Port != 0 {
		container.Ports = append(container.Ports, pod.Port{Name: "http", Container: cfg.Port, Service: servicePort})
	}
	if cfg.GRPCPort != 0 {
		container.Ports = append(container.Ports, pod.Port{Name: "grpc", Container: cfg.GRPCPort, Service: cfg.GRPCPort})
	}
	service := ""
	if len(container.Ports) > 0 {
		container.Probes = serviceProbes(container.Ports[0].Name, cfg.HealthPath)
		service = name
	}
	return workload.Args{
		App: app, Component: name, Replicas: cfg.Replicas, Service: service, Access: coreAccess[name],
		Pod: pod.Pod{
			Containers: []pod.Container{container}, User: cfg.User, NodeSelector: cfg.NodeSelector, PullSecret: pullSecret,
			Revision: object.Revision(nil, secrets),
		},
	}
}

// coreEnv sorts the variables. Kubernetes fills $(POD_NAME) in an argument from
// any of them, whatever their order.
func coreEnv(cfg config.CoreService) []pod.EnvVar {
	env := literals(cfg.Env)
	for _, name := range slices.Sorted(maps.Keys(cfg.Fields)) {
		env = append(env, pod.FromField(name, cfg.Fields[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Secrets)) {
		secret, key, _ := strings.Cut(cfg.Secrets[name], "/")
		env = append(env, pod.FromSecret(name, secret, key))
	}
	return env
}

// literals are variables by name.
func literals(variables map[string]string) []pod.EnvVar {
	var env []pod.EnvVar
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, pod.Literal(name, variables[name]))
	}
	return env
}

// scratches are folders that a service on a read-only root writes to.
func scratches(folders []string) []pod.Mount {
	var mounts []pod.Mount
	for i, folder := range folders {
		mounts = append(mounts, pod.Mount{Volume: pod.Scratch(fmt.Sprintf("writable-%d", i), scratchMiB), Path: folder})
	}
	return mounts
}

// serviceProbes give a service two minutes to start and, once it has, stop it
// only when it has not answered for two.
func serviceProbes(port, path string) pod.Probes {
	return pod.Probes{
		Startup:   &pod.Probe{Port: port, Path: path, PeriodSeconds: 2, FailureThreshold: 60},
		Readiness: &pod.Probe{Port: port, Path: path},
		Liveness:  &pod.Probe{Port: port, Path: path, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
