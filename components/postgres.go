package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/config"
)

// The names that clients, runbooks and restores know.
const (
	PostgresService  = "postgres-service"
	PostgresClaim    = "postgres-pvc"
	connectionSecret = "postgres-connection"
)

// Postgres is the application's database: a StatefulSet of ours, or a server
// that somebody else runs. What uses it sees the same either way.
type Postgres struct {
	pulumi.ResourceState
	Database Database
	Ready    []pulumi.Resource // the server runs, the database and its role exist; empty for a managed server
}

// PostgresArgs shapes the database.
type PostgresArgs struct {
	config.Postgres
	App           App
	Password      pulumi.StringInput // of the application's role; secret
	AdminPassword pulumi.StringInput // of the superuser of a server that this program runs; secret
	Protect       bool               // protect server and claims, and retain them when they are taken out of the program
}

// NewPostgres registers the database, or only the connection to a managed one.
func NewPostgres(ctx *pulumi.Context, name string, args PostgresArgs, opts ...pulumi.ResourceOption) (*Postgres, error) {
	p := &Postgres{Database: Database{Name: args.Database, User: args.User, Password: args.Password}}
	return register(ctx, "Postgres", name, p, opts, func(child pulumi.ResourceOption) (pulumi.Map, error) {
		if args.Mode == config.PostgresManaged {
			p.Database.Host, p.Database.Port, p.Database.SSLMode = args.Managed.Host, args.Managed.Port, args.Managed.SSLMode
			return nil, p.registerConnection(ctx, args.App, child)
		}
		p.Database.Host, p.Database.Port = PostgresService, config.PostgresPort
		return nil, p.registerServer(ctx, name, args, child)
	})
}

// registerConnection keeps the connection to a managed server where operators
// look for it; the application gets it with its other settings.
func (p *Postgres) registerConnection(ctx *pulumi.Context, app App, child pulumi.ResourceOption) error {
	_, err := newSecret(ctx, connectionSecret, app, config.PostgresName, connectionSecret, pulumi.StringMap{
		"host":     pulumi.String(p.Database.Host),
		"port":     pulumi.String(fmt.Sprint(p.Database.Port)),
		"database": pulumi.String(p.Database.Name),
		"user":     pulumi.String(p.Database.User),
		"password": p.Database.Password,
		"url":      p.Database.URL(),
	}, child)
	return err
}

func (p *Postgres) registerServer(ctx *pulumi.Context, name string, args PostgresArgs, child pulumi.ResourceOption) error {
	credentials := pulumi.StringMap{"admin-password": args.AdminPassword, "user-password": args.Password}
	secret, err := newSecret(ctx, config.PostgresSecret, args.App, config.PostgresName, config.PostgresSecret, credentials, child)
	if err != nil {
		return err
	}
	after := pulumi.Composite(child, pulumi.DependsOn([]pulumi.Resource{secret}))
	set, err := args.newServer(ctx, name, child, after)
	if err != nil {
		return err
	}
	databases, err := newDatabases(ctx, config.PostgresInitName, databasesArgs{
		app: args.App, image: args.Image, nodeSelector: args.NodeSelector,
		host: PostgresService, admin: config.PostgresAdmin, password: secretKey{config.PostgresSecret, "admin-password"},
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

// postgresUser is the UID of postgres in the official image, which differs
// between its two bases.
func postgresUser(image string) int {
	if strings.Contains(image, "alpine") {
		return 70
	}
	return 999
}
