package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

const (
	// servicePort is what every service is reached at, inside.
	servicePort = 80
	// scratchMiB bounds each folder that a service writes to.
	scratchMiB = 64
)

// services deploys what the stack file lists beside the platform's own parts.
func (e *environment) services(ctx *pulumi.Context) error {
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Services)) {
		if _, err := components.NewWorkload(ctx, name, e.service(name, e.cfg.Services[name]), nil, e.cluster); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (e *environment) service(name string, cfg config.Service) components.WorkloadArgs {
	container := components.Container{
		Name: name, Image: cfg.Image, Resources: resources(cfg.Resources),
		Ports:  []components.Port{{Name: "http", Container: cfg.Port, Service: servicePort}},
		Probes: serviceProbes("http", cfg.HealthPath), Env: literals(cfg.Env), Mounts: scratches(cfg.Writable), DrainSeconds: serviceDrainSeconds,
	}
	return components.WorkloadArgs{
		App: e.app, Component: name, Replicas: cfg.Replicas, Service: name + "-service",
		Pod: components.Pod{Containers: []components.Container{container}, User: cfg.User, NodeSelector: cfg.NodeSelector},
	}
}

// literals are variables by name.
func literals(variables map[string]string) []components.EnvVar {
	var env []components.EnvVar
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, components.Literal(name, variables[name]))
	}
	return env
}

// scratches are folders that a service on a read-only root writes to.
func scratches(folders []string) []components.Mount {
	var mounts []components.Mount
	for i, folder := range folders {
		mounts = append(mounts, components.Mount{Volume: components.Scratch(fmt.Sprintf("writable-%d", i), scratchMiB), Path: folder})
	}
	return mounts
}

// serviceProbes give a service two minutes to start and, once it has, stop it
// only when it has not answered for two.
func serviceProbes(port, path string) components.Probes {
	return components.Probes{
		Startup:   &components.Probe{Port: port, Path: path, PeriodSeconds: 2, FailureThreshold: 60},
		Readiness: &components.Probe{Port: port, Path: path},
		Liveness:  &components.Probe{Port: port, Path: path, PeriodSeconds: 20, FailureThreshold: 6},
	}
}

// servicePaths is where the edge publishes services.
func (e *environment) servicePaths() []components.PathRule {
	var paths []components.PathRule
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Services)) {
		if path := e.cfg.Services[name].Path; path != "" {
			paths = append(paths, components.PathRule{Prefix: path, Service: name + "-service", Port: servicePort})
		}
	}
	return paths
}

// serviceFlows lets the edge in to published services, and each service out to
// what it reaches and to its egress.
func (e *environment) serviceFlows(ingress components.Peer) []components.Flow {
	var flows []components.Flow
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Services)) {
		service := e.cfg.Services[name]
		self := components.Component(name)
		if service.Path != "" {
			flows = append(flows, components.Flow{From: ingress, To: self, Port: service.Port})
		}
		for _, target := range service.Reaches {
			flows = append(flows, e.reach(self, target)...)
		}
		flows = append(flows, egress(self, service.Egress)...)
	}
	return flows
}

// reach is the flow from a service to a part of the platform or to another
// service.
func (e *environment) reach(from components.Peer, target string) []components.Flow {
	switch target {
	case components.BackendName:
		return []components.Flow{{From: from, To: components.Component(target), Port: components.BackendPort}}
	case components.RedisName:
		return []components.Flow{{From: from, To: components.Component(target), Port: components.RedisPort}}
	case components.PostgresName:
		return e.toDatabase(from)
	default:
		return []components.Flow{{From: from, To: components.Component(target), Port: e.cfg.Services[target].Port}}
	}
}
