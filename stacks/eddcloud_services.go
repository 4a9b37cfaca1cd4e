package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// serviceDrainSeconds is how long the gateway may go on sending requests to a
// pod that is going.
const serviceDrainSeconds = 5

// services deploys the stateless services, those of the catalogue and further
// ones alike, each after those that it needs.
func (c *core) services(ctx *pulumi.Context) error {
	for _, name := range c.cfg.ServicesInOrder() {
		cfg := c.cfg.Services[name]
		service, err := components.NewWorkload(ctx, name, c.workload(name, cfg), c.after(cfg), c.cluster)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.running[name] = service.Deployment
	}
	return nil
}

func (c *core) workload(name string, cfg config.CoreService) components.WorkloadArgs {
	args := components.WorkloadArgs{
		App: c.app, Component: name, Replicas: cfg.Replicas, Access: access[name],
		Pod: components.Pod{
			Containers: []components.Container{serviceContainer(name, cfg)}, User: cfg.User, NodeSelector: cfg.NodeSelector,
			PullSecret: pullSecret, Exempt: c.exempt[name],
			Revision: components.Revision(nil, c.read(slices.Collect(maps.Values(cfg.Secrets))...)),
		},
	}
	if cfg.Port != 0 || cfg.GRPCPort != 0 {
		args.Service = name
	}
	return args
}

func serviceContainer(name string, cfg config.CoreService) components.Container {
	container := components.Container{
		Name: name, Image: cfg.Image, Command: cfg.Command, Args: cfg.Args, Resources: resources(cfg.Resources),
		Env: serviceEnv(cfg), DrainSeconds: serviceDrainSeconds, Mounts: scratches(append([]string{"/tmp"}, cfg.Writable...)),
	}
	if cfg.Port != 0 {
		container.Ports = append(container.Ports, components.Port{Name: "http", Container: cfg.Port, Service: servicePort})
	}
	if cfg.GRPCPort != 0 {
		container.Ports = append(container.Ports, components.Port{Name: "grpc", Container: cfg.GRPCPort, Service: cfg.GRPCPort})
	}
	if len(container.Ports) > 0 {
		container.Probes = serviceProbes(container.Ports[0].Name, cfg.HealthPath)
	}
	return container
}

// serviceEnv sorts the variables. Kubernetes fills $(POD_NAME) in an argument
// from any of them, whatever their order.
func serviceEnv(cfg config.CoreService) []components.EnvVar {
	env := literals(cfg.Env)
	for _, name := range slices.Sorted(maps.Keys(cfg.Fields)) {
		env = append(env, components.FromField(name, cfg.Fields[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Secrets)) {
		secret, key, _ := strings.Cut(cfg.Secrets[name], "/")
		env = append(env, components.FromSecret(name, secret, key))
	}
	return env
}

// after is what a service starts after: the Secrets that it reads, the database
// if one of them leads there, the bus if it consumes or makes a stream, and the
// components that it needs.
func (c *core) after(cfg config.CoreService) []pulumi.Resource {
	names := []string{pullSecret}
	for _, ref := range cfg.Secrets {
		secret, _, _ := strings.Cut(ref, "/")
		names = append(names, secret)
	}
	after := c.needs(slices.Compact(slices.Sorted(slices.Values(names)))...)
	if slices.ContainsFunc(c.cfg.Postgres.Databases, func(d config.CoreDatabase) bool { return slices.Contains(names, d.Secret) }) {
		after = append(after, c.database...)
	}
	if len(cfg.Needs.Streams)+len(cfg.Makes.Streams) > 0 {
		after = append(after, c.bus...)
	}
	return append(after, c.started(cfg.Needs.Services...)...)
}

// started are the components of these names.
func (c *core) started(names ...string) []pulumi.Resource {
	var found []pulumi.Resource
	for _, name := range slices.Sorted(slices.Values(names)) {
		found = append(found, c.running[name])
	}
	return found
}

// read gathers the values of SECRET/KEY references.
func (c *core) read(refs ...string) pulumi.StringMap {
	values := pulumi.StringMap{}
	for _, ref := range refs {
		secret, key, _ := strings.Cut(ref, "/")
		if value, ok := c.values[secret][key]; ok {
			values[ref] = value
		}
	}
	return values
}
