package components

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

const (
	// servicePort is what every service is reached at, inside.
	servicePort = config.DefaultServicePort
	// scratchMiB bounds each folder that a service writes to.
	scratchMiB = 64
)

// ServiceWorkload is a service of the co2-calculator's stack file.
func ServiceWorkload(app App, name string, cfg config.Service) WorkloadArgs {
	return WorkloadArgs{
		App: app, Component: name, Replicas: cfg.Replicas, Service: name + "-service",
		Pod: Pod{
			Containers: []Container{{
				Name: name, Image: cfg.Image, Resources: cfg.Resources,
				Ports:  []Port{{Name: "http", Container: cfg.Port, Service: servicePort}},
				Probes: serviceProbes("http", cfg.HealthPath), Env: literals(cfg.Env), Mounts: scratches(cfg.Writable), DrainSeconds: drainSeconds,
			}},
			User: cfg.User, NodeSelector: cfg.NodeSelector,
		},
	}
}

// ServicePath is where the edge publishes a service of the co2-calculator.
func ServicePath(name string, cfg config.Service) PathRule {
	return PathRule{Prefix: cfg.Path, Service: name + "-service", Port: servicePort}
}

// CoreServiceWorkload is a service of Edd Cloud. Its revision is that of the
// secrets that it reads.
func CoreServiceWorkload(app App, name string, cfg config.CoreService, pullSecret string, secrets pulumi.StringMap) WorkloadArgs {
	container := Container{
		Name: name, Image: cfg.Image, Command: cfg.Command, Args: cfg.Args, Resources: cfg.Resources,
		Env: coreEnv(cfg), DrainSeconds: drainSeconds, Mounts: scratches(append([]string{"/tmp"}, cfg.Writable...)),
	}
	if cfg.Port != 0 {
		container.Ports = append(container.Ports, Port{Name: "http", Container: cfg.Port, Service: servicePort})
	}
	if cfg.GRPCPort != 0 {
		container.Ports = append(container.Ports, Port{Name: "grpc", Container: cfg.GRPCPort, Service: cfg.GRPCPort})
	}
	service := ""
	if len(container.Ports) > 0 {
		container.Probes = serviceProbes(container.Ports[0].Name, cfg.HealthPath)
		service = name
	}
	return WorkloadArgs{
		App: app, Component: name, Replicas: cfg.Replicas, Service: service, Access: coreAccess[name],
		Pod: Pod{
			Containers: []Container{container}, User: cfg.User, NodeSelector: cfg.NodeSelector, PullSecret: pullSecret,
			Revision: Revision(nil, secrets),
		},
	}
}

// coreEnv sorts the variables. Kubernetes fills $(POD_NAME) in an argument from
// any of them, whatever their order.
func coreEnv(cfg config.CoreService) []EnvVar {
	env := literals(cfg.Env)
	for _, name := range slices.Sorted(maps.Keys(cfg.Fields)) {
		env = append(env, FromField(name, cfg.Fields[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Secrets)) {
		secret, key, _ := strings.Cut(cfg.Secrets[name], "/")
		env = append(env, FromSecret(name, secret, key))
	}
	return env
}

// literals are variables by name.
func literals(variables map[string]string) []EnvVar {
	var env []EnvVar
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, Literal(name, variables[name]))
	}
	return env
}

// scratches are folders that a service on a read-only root writes to.
func scratches(folders []string) []Mount {
	var mounts []Mount
	for i, folder := range folders {
		mounts = append(mounts, Mount{Volume: Scratch(fmt.Sprintf("writable-%d", i), scratchMiB), Path: folder})
	}
	return mounts
}

// serviceProbes give a service two minutes to start and, once it has, stop it
// only when it has not answered for two.
func serviceProbes(port, path string) Probes {
	return Probes{
		Startup:   &Probe{Port: port, Path: path, PeriodSeconds: 2, FailureThreshold: 60},
		Readiness: &Probe{Port: port, Path: path},
		Liveness:  &Probe{Port: port, Path: path, PeriodSeconds: 20, FailureThreshold: 6},
	}
}
