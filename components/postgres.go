package components

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const typePostgres = "platform:components:Postgres" // the state remembers it: change it only with an alias

// Postgres' names and port, as the seed has them.
const (
	PostgresName     = "postgres"
	PostgresService  = "postgres-service"
	PostgresPort     = 5432
	PostgresClaim    = "postgres-pvc"
	PostgresInitName = "postgres-init"
	postgresAdmin    = "postgres" // the image's superuser
	postgresSecret   = "postgres-credentials"
	connectionSecret = "postgres-connection"
)

// Postgres is the application's database: a StatefulSet of ours, or a server
// that somebody else runs. What uses it sees the same either way.
type Postgres struct {
	pulumi.ResourceState
	Database Database
	Ready    []pulumi.Resource // the server runs, the database and its role exist; empty for a managed server
}

// PostgresArgs shapes the database. Of Server and Managed exactly one is set.
type PostgresArgs struct {
	App      App
	Database string             // of the application
	User     string             // the application's role, which owns the database and no more
	Password pulumi.StringInput // of User; secret
	Server   *PostgresServer
	Managed  *ManagedPostgres
}

// PostgresServer is a server that this program runs.
type PostgresServer struct {
	Image         string // the official one: repository:tag; never latest
	Resources     Resources
	NodeSelector  map[string]string
	StorageGiB    int
	StorageClass  string
	AdminPassword pulumi.StringInput // of the superuser; secret
	Protect       bool               // protect server and claim, and retain them when they are taken out of the program
	Backup        *Backup            // nil means no archives are written
}

// ManagedPostgres is a server that somebody else runs, where the database and
// its role exist already.
type ManagedPostgres struct {
	Host    string
	Port    int
	SSLMode string // libpq's: require, verify-ca or verify-full
}

// Validate returns every fault at once.
func (a PostgresArgs) Validate() error {
	faults := []error{required("database", a.Database), required("user", a.User)}
	if a.Password == nil {
		faults = append(faults, errors.New("password: is missing; take it from the secret source"))
	}
	switch {
	case (a.Server == nil) == (a.Managed == nil):
		faults = append(faults, errors.New("server: give either a server to run or a managed one, not both and not none"))
	case a.Server != nil:
		faults = append(faults, a.Server.validate(a.App))
	default:
		faults = append(faults, required("managed.host", a.Managed.Host), required("managed.sslMode", a.Managed.SSLMode))
	}
	return errors.Join(faults...)
}

func (s PostgresServer) validate(app App) error {
	faults := []error{s.pod(pulumi.String("")).Validate(), s.claim(app).Validate()}
	if s.AdminPassword == nil {
		faults = append(faults, errors.New("server.adminPassword: is missing; take it from the secret source"))
	}
	if s.Backup != nil {
		faults = append(faults, s.Backup.Validate())
	}
	return errors.Join(faults...)
}

// NewPostgres registers the database, or only the connection to a managed one.
func NewPostgres(ctx *pulumi.Context, name string, args PostgresArgs, opts ...pulumi.ResourceOption) (*Postgres, error) {
	if err := join("postgres", name, args.Validate()); err != nil {
		return nil, err
	}
	p := &Postgres{}
	if err := ctx.RegisterComponentResource(typePostgres, name, p, opts...); err != nil {
		return nil, fmt.Errorf("register postgres %q: %w", name, err)
	}
	register := p.registerServer
	if args.Managed != nil {
		register = p.registerManaged
	}
	if err := register(ctx, name, args); err != nil {
		return nil, fmt.Errorf("postgres %q: %w", name, err)
	}
	if err := ctx.RegisterResourceOutputs(p, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("postgres %q outputs: %w", name, err)
	}
	return p, nil
}

// registerManaged keeps the connection where operators look for it; the
// application gets it with its other settings.
func (p *Postgres) registerManaged(ctx *pulumi.Context, _ string, args PostgresArgs) error {
	p.Database = Database{
		Host: args.Managed.Host, Port: or(args.Managed.Port, PostgresPort), Name: args.Database,
		User: args.User, Password: args.Password, SSLMode: args.Managed.SSLMode,
	}
	_, err := newSecret(ctx, connectionSecret, args.App, PostgresName, connectionSecret, pulumi.StringMap{
		"host":     pulumi.String(p.Database.Host),
		"port":     pulumi.String(fmt.Sprint(p.Database.Port)),
		"database": pulumi.String(args.Database),
		"user":     pulumi.String(args.User),
		"password": args.Password,
		"url":      p.Database.URL(),
	}, pulumi.Parent(p))
	return err
}

func (p *Postgres) registerServer(ctx *pulumi.Context, name string, args PostgresArgs) error {
	server := *args.Server
	p.Database = Database{
		Host: PostgresService, Port: PostgresPort, Name: args.Database, User: args.User, Password: args.Password,
	}
	credentials := pulumi.StringMap{"admin-password": server.AdminPassword, "user-password": args.Password}
	secret, err := newSecret(ctx, postgresSecret, args.App, PostgresName, postgresSecret, credentials, pulumi.Parent(p))
	if err != nil {
		return err
	}
	set, err := server.register(ctx, name, args.App, p, []pulumi.Resource{secret})
	if err != nil {
		return err
	}
	databases, err := newDatabases(ctx, PostgresInitName, databasesArgs{
		app: args.App, image: server.Image, user: server.user(), nodeSelector: server.NodeSelector,
		host: PostgresService, admin: postgresAdmin, password: secretKey{postgresSecret, "admin-password"},
		grants:  []grant{{database: args.Database, role: args.User, password: secretKey{postgresSecret, "user-password"}}},
		secrets: credentials,
	}, []pulumi.Resource{secret}, pulumi.Parent(p))
	if err != nil {
		return err
	}
	p.Ready = []pulumi.Resource{set, databases}
	if server.Backup == nil {
		return nil
	}
	return newBackup(ctx, BackupName, args.App, server, *server.Backup, args.Database, pulumi.Parent(p))
}

// user is the UID of postgres in the official image, which differs between
// its two bases.
func (s PostgresServer) user() int {
	if strings.Contains(s.Image, "alpine") {
		return 70
	}
	return 999
}
