package postgres

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/service"
	"platform/config"
)

// Servers is a PostgreSQL server that takes writes, the standby that
// follows it and those that are switched off.
type Servers struct {
	pulumi.ResourceState
	Services []string          // one for each server that runs, the writer's first, as HAProxy wants them
	Ready    []pulumi.Resource // the writer runs, and databases and roles exist
}

// ServersArgs shapes the servers.
type ServersArgs struct {
	config.PostgresServers
	App        object.App
	Readers    []DatabaseReader
	Secrets    map[string]pulumi.StringMap // values of postgres-credentials and of the databases' Secrets, by name and key
	PodNetwork netip.Prefix                // that HAProxy's pods have their addresses from
	Protect    bool                        // protect the claims, and retain them when they are taken out of the program
}

// DatabaseReader is a role that reads what the role of a database makes, and
// may do no more than that, but for a schema of its own.
type DatabaseReader struct {
	Database string // of the databases
	Role     string
	Key      string // of its password in postgres-credentials
}

// NewServers registers the servers behind the Services postgres and
// postgres-replica, port 5432, and the Job that makes databases and roles.
func NewServers(ctx *pulumi.Context, name string, args ServersArgs, opts ...pulumi.ResourceOption) (*Servers, error) {
	p := &Servers{}
	return object.Register(ctx, "PostgresServers", name, p, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		return nil, p.register(ctx, args, child)
	})
}

// register has the Job wait until the servers that are switched off are told
// to stop, since it promotes one in their place, and the standby wait for the
// Job, which makes the role that it copies the writer as.
func (p *Servers) register(ctx *pulumi.Context, args ServersArgs, child pulumi.ResourceOption) error {
	var writer instance
	var standby, others []instance
	for _, name := range slices.Sorted(maps.Keys(args.Servers)) {
		switch server := (instance{args.Servers[name], name}); {
		case server.Enabled && server.Writes():
			writer = server
			others = append(others, server)
		case server.Enabled:
			standby = append(standby, server)
		default:
			others = append(others, server)
		}
	}
	if err := p.newServices(ctx, args.App, writer, standby, child); err != nil {
		return err
	}
	var stopped []pulumi.Resource
	for _, server := range others {
		deployment, err := server.register(ctx, args, child, child)
		if err != nil {
			return fmt.Errorf("server %q: %w", server.name, err)
		}
		if server.Enabled {
			p.Ready = append(p.Ready, deployment)
		} else {
			stopped = append(stopped, deployment)
		}
	}
	databases, err := newDatabases(ctx, config.PostgresInitName, args.databases(writer, standby), child, pulumi.Composite(child, pulumi.DependsOn(stopped)))
	if err != nil {
		return err
	}
	p.Ready = append(p.Ready, databases)
	for _, server := range standby {
		if _, err := server.register(ctx, args, child, pulumi.Composite(child, pulumi.DependsOn([]pulumi.Resource{databases}))); err != nil {
			return fmt.Errorf("server %q: %w", server.name, err)
		}
	}
	return nil
}

func (p *Servers) newServices(ctx *pulumi.Context, app object.App, writer instance, standby []instance, child pulumi.ResourceOption) error {
	p.Services = []string{config.PostgresName}
	reader := writer
	if len(standby) > 0 {
		reader, p.Services = standby[0], []string{config.PostgresName, config.PostgresReaderName}
	}
	for name, component := range map[string]string{config.PostgresName: writer.name, config.PostgresReaderName: reader.name} {
		if _, err := service.New(ctx, name, service.Args{App: app, Component: component, Name: name, Ports: []pod.Port{serverPort()}}, child); err != nil {
			return err
		}
	}
	return nil
}
