package components

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typePostgresServers = "platform:components:PostgresServers" // the state remembers it: change it only with an alias

// The names that clients of the servers know. The writer's Service is
// [PostgresName].
const (
	// PostgresReaderService leads to the standby, and to the writer where none
	// runs.
	PostgresReaderService = "postgres-replica"
	// PostgresSuperuser is the image's superuser and the name of its database.
	PostgresSuperuser = "eddcloud"
	// PostgresReplicator is the role that standbys copy the writer as.
	PostgresReplicator = "replicator"
	// PostgresCheckRole is the role that HAProxy looks at a server as. It has
	// no password and no rights.
	PostgresCheckRole = "haproxy_check"
)

// PostgresServers is a PostgreSQL server that takes writes, the standby that
// follows it and those that are switched off.
type PostgresServers struct {
	pulumi.ResourceState
	Writer   string            // name of the server that takes writes
	Services []string          // one for each server that runs, the writer's first, as HAProxy wants them
	Ready    []pulumi.Resource // the writer runs, and databases and roles exist
}

// PostgresServersArgs shapes the servers. None of it has a default; Databases
// and Readers may be empty.
type PostgresServersArgs struct {
	App                 App
	Image               string    // repository:tag; never latest
	Resources           Resources // of each server
	Servers             []PostgresInstance
	Databases           []RoleDatabase
	Readers             []DatabaseReader
	Password            pulumi.StringInput // of PostgresSuperuser; secret, also in postgres-credentials/POSTGRES_PASSWORD
	ReplicationPassword pulumi.StringInput // of PostgresReplicator; secret, also in postgres-credentials/REPLICATION_PASSWORD
	PodNetwork          netip.Prefix       // that HAProxy's pods have their addresses from
	Protect             bool               // protect the claims, and retain them when they are taken out of the program
}

// Validate returns every fault at once.
func (a PostgresServersArgs) Validate() error {
	var faults []error
	if a.Password == nil {
		faults = append(faults, errors.New("password: is missing; take it from the secret source"))
	}
	if a.ReplicationPassword == nil {
		faults = append(faults, errors.New("replicationPassword: is missing; take it from the secret source"))
	}
	if !a.PodNetwork.IsValid() {
		faults = append(faults, errors.New("podNetwork: is missing; name the one that pods have their addresses from"))
	}
	names := map[string]bool{}
	for i, server := range a.Servers {
		if err := server.validate(a); err != nil {
			faults = append(faults, fmt.Errorf("servers[%d]: %w", i, err))
		}
		if names[server.Name] {
			faults = append(faults, fmt.Errorf("servers[%d]: name: another server is %q; rename one", i, server.Name))
		}
		names[server.Name] = true
	}
	for i, database := range a.Databases {
		if err := database.validate(); err != nil {
			faults = append(faults, fmt.Errorf("databases[%d]: %w", i, err))
		}
	}
	for i, reader := range a.Readers {
		if err := reader.validate(a.Databases); err != nil {
			faults = append(faults, fmt.Errorf("readers[%d]: %w", i, err))
		}
	}
	return errors.Join(append(faults, a.validateWriter())...)
}

// validateWriter refuses two servers that take writes: each would accept rows
// that the other never sees. A second standby would have no Service.
func (a PostgresServersArgs) validateWriter() error {
	var faults []error
	if writers := a.running(PostgresInstance.writes); len(writers) != 1 {
		faults = append(faults, fmt.Errorf("servers: %d of those enabled take writes; enable exactly one primary or promoted server", len(writers)))
	}
	if standbys := a.running(PostgresInstance.follows); len(standbys) > 1 {
		faults = append(faults, fmt.Errorf("servers: %d replicas are enabled, and %s leads to one; disable the others", len(standbys), PostgresReaderService))
	}
	return errors.Join(faults...)
}

// running are the enabled servers of a kind.
func (a PostgresServersArgs) running(kind func(PostgresInstance) bool) []PostgresInstance {
	var found []PostgresInstance
	for _, server := range a.Servers {
		if server.Enabled && kind(server) {
			found = append(found, server)
		}
	}
	return found
}

// NewPostgresServers registers the servers behind the Services postgres and
// postgres-replica, port 5432, and the Job that makes databases and roles.
func NewPostgresServers(ctx *pulumi.Context, name string, args PostgresServersArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (*PostgresServers, error) {
	if err := join("postgres servers", name, args.Validate()); err != nil {
		return nil, err
	}
	p := &PostgresServers{}
	if err := ctx.RegisterComponentResource(typePostgresServers, name, p, opts...); err != nil {
		return nil, fmt.Errorf("register postgres servers %q: %w", name, err)
	}
	if err := p.register(ctx, args, after); err != nil {
		return nil, fmt.Errorf("postgres servers %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(p, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("postgres servers %q outputs: %w", name, err)
	}
	return p, nil
}

// register has the Job wait until the servers that are switched off are told
// to stop, since it promotes one in their place, and the standby wait for the
// Job, which makes the role that it copies the writer as.
func (p *PostgresServers) register(ctx *pulumi.Context, args PostgresServersArgs, after []pulumi.Resource) error {
	writer, standby := args.running(PostgresInstance.writes)[0], args.running(PostgresInstance.follows)
	if err := p.newServices(ctx, args.App, writer, standby); err != nil {
		return err
	}
	before := after
	for _, server := range args.Servers {
		if server.Enabled && server.follows() {
			continue
		}
		deployment, err := server.register(ctx, args, p, after)
		if err != nil {
			return fmt.Errorf("server %q: %w", server.Name, err)
		}
		if server.Enabled {
			p.Ready = append(p.Ready, deployment)
		} else {
			before = append(slices.Clip(before), deployment)
		}
	}
	databases, err := newDatabases(ctx, PostgresInitName, args.databases(writer, standby), before, pulumi.Parent(p))
	if err != nil {
		return err
	}
	p.Ready = append(p.Ready, databases)
	for _, server := range standby {
		if _, err := server.register(ctx, args, p, append(slices.Clip(after), databases)); err != nil {
			return fmt.Errorf("server %q: %w", server.Name, err)
		}
	}
	return nil
}

func (p *PostgresServers) newServices(ctx *pulumi.Context, app App, writer PostgresInstance, standby []PostgresInstance) error {
	p.Writer, p.Services = writer.Name, []string{PostgresName}
	reader := writer
	if len(standby) > 0 {
		reader, p.Services = standby[0], []string{PostgresName, PostgresReaderService}
	}
	port := []Port{postgresPort()}
	return errors.Join(
		newService(ctx, PostgresName, serviceArgs{app: app, component: writer.Name, name: PostgresName, ports: port}, pulumi.Parent(p)),
		newService(ctx, PostgresReaderService, serviceArgs{app: app, component: reader.Name, name: PostgresReaderService, ports: port}, pulumi.Parent(p)),
	)
}
