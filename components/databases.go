package components

import (
	"fmt"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// grant is one database and the one role that may use it.
type grant struct {
	database string
	role     string
	password secretKey // of the role
}

// secretKey is where one value is kept.
type secretKey struct{ secret, key string }

// databasesArgs shapes the Job that makes databases and roles.
type databasesArgs struct {
	app          App
	image        string
	user         int // UID of the image
	nodeSelector map[string]string
	host         string           // Service of the server
	admin        string           // a superuser
	password     secretKey        // of admin
	before       []Container      // run once the server answers, before anything is made
	sql          string           // a psql script that is run before the grants
	env          []EnvVar         // what sql reads
	grants       []grant          // in order
	readers      []reader         // of databases among the grants
	inTurn       bool             // programs that make their tables at once do so one after the other, see [grant.inTurn]
	secrets      pulumi.StringMap // the values of all passwords: a changed one is set by a new run
}

// newDatabases runs a Job that makes what is missing and corrects the rest, so
// that it may run at any time: for a new server, a new database or a new
// password.
func newDatabases(ctx *pulumi.Context, name string, args databasesArgs, after []pulumi.Resource, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	script := args.script()
	config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: args.app.unnamed(name), Data: pulumi.StringMap{"databases.sql": pulumi.String(script)},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("config map %q: %w", name, err)
	}
	job, err := NewJob(ctx, name, JobArgs{
		App: args.app, Component: name, TimeoutSeconds: 600,
		Pod: Pod{
			Init:         append([]Container{args.wait()}, args.before...),
			Containers:   []Container{args.psql(name, config.Metadata.Name().Elem())},
			User:         args.user,
			NodeSelector: args.nodeSelector,
		},
		Triggers: map[string]string{"script": script}, TriggerSecrets: args.secrets,
	}, after, opts...)
	if err != nil {
		return nil, err
	}
	return job.Job, nil
}

// wait holds the Job back until the server answers. The Job starts beside the
// server and not after it, which a first deployment would wait a second for.
func (a databasesArgs) wait() Container { return waitForPostgres(a.image, a.host, a.admin) }

// waitForPostgres holds a pod back until a server answers it. Where network
// policies are enforced, a new pod reaches nobody for a moment even if the
// server is there.
func waitForPostgres(image, host, user string) Container {
	return Container{
		Name: "wait", Image: image,
		Resources: NewResources("50m", "64Mi", "500m", "128Mi"),
		Env:       []EnvVar{Literal("PGHOST", host), Literal("PGUSER", user)},
		Command:   []string{"sh", "-c", "until pg_isready -q; do sleep 1; done"},
	}
}

// login is what psql logs in to the server with.
func (a databasesArgs) login() []EnvVar {
	return []EnvVar{
		Literal("PGHOST", a.host),
		Literal("PGUSER", a.admin),
		Literal("PGDATABASE", "postgres"),
		Literal("PGCONNECT_TIMEOUT", "10"),
		FromSecret("PGPASSWORD", a.password.secret, a.password.key),
	}
}

func (a databasesArgs) psql(name string, config pulumi.StringInput) Container {
	env := a.login()
	for i, g := range a.grants {
		env = append(env, FromSecret(passwordVariable(i), g.password.secret, g.password.key))
	}
	for i, r := range a.readers {
		env = append(env, FromSecret(readerVariable(i), r.password.secret, r.password.key))
	}
	return Container{
		Name: name, Image: a.image, Env: append(env, a.env...),
		Resources: NewResources("50m", "64Mi", "500m", "128Mi"),
		Command:   []string{"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=/etc/databases/databases.sql"},
		Mounts: []Mount{
			{Volume: ConfigFiles("databases", config), Path: "/etc/databases", ReadOnly: true},
			{Volume: Scratch("tmp", 16), Path: "/tmp"},
		},
	}
}

func passwordVariable(i int) string { return fmt.Sprintf("ROLE_PASSWORD_%d", i) }

func readerVariable(i int) string { return fmt.Sprintf("READER_PASSWORD_%d", i) }

// script is a psql script that may run any number of times; sql
// comes before the grants. Passwords come from the environment, so the
// script holds none; the server is told to log no statement of the session,
// which would spell them out. What follows in the databases themselves, in
// sessions of their own, has none.
func (a databasesArgs) script() string {
	var script strings.Builder
	script.WriteString("SET log_statement = 'none';\nSET log_min_error_statement = 'panic';\nSET log_min_duration_statement = -1;\n" + a.sql)
	for i, g := range a.grants {
		fmt.Fprintf(&script, `
\set role '%[1]s'
\set database '%[2]s'
\getenv password %[3]s
SELECT format('CREATE ROLE %%I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
SELECT format('CREATE DATABASE %%I OWNER %%I', :'database', :'role') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"role";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
`, g.role, g.database, passwordVariable(i))
	}
	for i, r := range a.readers {
		script.WriteString(r.login(readerVariable(i)))
	}
	for _, g := range a.grants {
		if a.inTurn {
			script.WriteString(g.inTurn())
		}
	}
	for _, r := range a.readers {
		script.WriteString(r.rights())
	}
	return script.String()
}
