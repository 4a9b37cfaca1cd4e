// Package postgres is PostgreSQL: the co2-calculator's server or a managed
// one, Edd Cloud's servers, and HAProxy in front of them.
package postgres

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/secret"
	"platform/config"
)

// The names that clients, runbooks and restores know.
const (
	ServiceName      = "postgres-service"
	ClaimName        = "postgres-pvc"
	connectionSecret = "postgres-connection"
)

// Postgres is the application's database: a StatefulSet of ours, or a server
// that somebody else runs. What uses it sees the same either way.
type Postgres struct {
	pulumi.ResourceState
	Database Database
	Ready    []pulumi.Resource // the server runs, the database and its role exist; empty for a managed server
}

// Args shapes the database.
type Args struct {
	config.Postgres
	App           object.App
	Password      pulumi.StringInput // of the application's role; secret
	AdminPassword pulumi.StringInput // of the superuser of a server that this program runs; secret
	Protect       bool               // protect server and claims, and retain them when they are taken out of the program
}

// New registers the database, or only the connection to a managed one.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Postgres, error) {
	p := &Postgres{Database: Database{Name: args.Database, User: args.User, Password: args.Password}}
	return object.Register(ctx, "Postgres", name, p, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		if args.Mode == config.PostgresManaged {
			p.Database.Host, p.Database.Port, p.Database.SSLMode = args.Managed.Host, args.Managed.Port, args.Managed.SSLMode
			return nil, p.registerConnection(ctx, args.App, child)
		}
		p.Database.Host, p.Database.Port = ServiceName, config.PostgresPort
		return nil, p.registerServer(ctx, name, args, child)
	})
}

// registerConnection keeps the connection to a managed server where operators
// look for it; the application gets it with its other settings.
func (p *Postgres) registerConnection(ctx *pulumi.Context, app object.App, child pulumi.ResourceOption) error {
	_, err := secret.New(ctx, connectionSecret, app, config.PostgresName, connectionSecret, pulumi.StringMap{
		"host":     pulumi.String(p.Database.Host),
		"port":     pulumi.String(fmt.Sprint(p.Database.Port)),
		"database": pulumi.String(p.Database.Name),
		"user":     pulumi.String(p.Database.User),
		"password": p.Database.Password,
		"url":      p.Database.URL(),
	}, child)
	return err
}

func (p *Postgres) registerServer(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	credentials := pulumi.StringMap{"admin-password": args.AdminPassword, "user-password": args.Password}
	written, err := secret.New(ctx, config.PostgresSecret, args.App, config.PostgresName, config.PostgresSecret, credentials, child)
	if err != nil {
		return err
	}
	after := pulumi.Composite(child, pulumi.DependsOn([]pulumi.Resource{written}))
	set, err := args.newServer(ctx, name, child, after)
	if err != nil {
		return err
	}
	databases, err := newDatabases(ctx, config.PostgresInitName, databasesArgs{
		app: args.App, image: args.Image, nodeSelector: args.NodeSelector,
		host: ServiceName, admin: config.PostgresAdmin, password: secretKey{config.PostgresSecret, "admin-password"},
		grants:  []grant{{Database: args.Database, Role: args.User, password: secretKey{config.PostgresSecret, "user-password"}}},
		secrets: credentials,
	}, child, after)
	if err != nil {
		return err
	}
	p.Ready = []pulumi.Resource{set, databases}
	if !args.Backup.Enabled {
		return nil
	}
	return newBackup(ctx, config.BackupName, args, child)
}

// imageUser is the UID of postgres in the official image, which differs
// between its two bases.
func imageUser(image string) int {
	if strings.Contains(image, "alpine") {
		return 70
	}
	return 999
}
