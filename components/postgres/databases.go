package postgres

import (
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/object"
	"platform/components/pod"
	"platform/components/workload"
	"platform/config"
)

// grant is one database and the one role that may use it.
type grant struct {
	Database, Role string
	password       secretKey // of the role
}

// reader is a role beside a database's own: it reads the tables that the owner
// makes, and keeps its own in a schema of its name, which it finds before them.
type reader struct {
	Database, Role string
	Owner          string    // of the database, and of the tables
	password       secretKey // of the role
}

// secretKey is where one value is kept.
type secretKey struct{ secret, key string }

// databasesArgs shapes the Job that makes databases and roles.
type databasesArgs struct {
	app          object.App
	image        string
	nodeSelector map[string]string
	host         string           // Service of the server
	admin        string           // a superuser
	password     secretKey        // of admin
	before       []pod.Container  // run once the server answers, before anything is made
	sql          string           // a psql script that is run before the grants
	env          []pod.EnvVar     // what sql reads
	grants       []grant          // in order
	readers      []reader         // of databases among the grants
	inTurn       bool             // programs that make their tables at once do so one after the other
	secrets      pulumi.StringMap // the values of all passwords: a changed one is set by a new run
}

// newDatabases runs a Job that makes what is missing and corrects the rest, so
// that it may run at any time: for a new server, a new database or a new
// password.
func newDatabases(ctx *pulumi.Context, name string, args databasesArgs, child, after pulumi.ResourceOption) (pulumi.Resource, error) {
	script, err := args.script()
	if err != nil {
		return nil, err
	}
	configMap, err := object.NewConfigMap(ctx, name, args.app.Unnamed(name), map[string]string{"databases.sql": script}, child)
	if err != nil {
		return nil, err
	}
	job, err := workload.NewJob(ctx, name, workload.JobArgs{
		App: args.app, Component: name, TimeoutSeconds: 600,
		Pod: pod.Pod{
			Init:         append([]pod.Container{args.wait()}, args.before...),
			Containers:   []pod.Container{args.psql(name, configMap.Metadata.Name().Elem())},
			User:         imageUser(args.image),
			NodeSelector: args.nodeSelector,
		},
		Triggers: map[string]string{"script": script}, TriggerSecrets: args.secrets,
	}, after)
	if err != nil {
		return nil, err
	}
	return job.Job, nil
}

// wait holds the Job back until the server answers. The Job starts beside the
// server and not after it, which a first deployment would wait a second for.
func (a databasesArgs) wait() pod.Container { return WaitForPostgres(a.image, a.host, a.admin) }

// WaitForPostgres holds a pod back until a server answers it. Where network
// policies are enforced, a new pod reaches nobody for a moment even if the
// server is there.
func WaitForPostgres(image, host, user string) pod.Container {
	return pod.Container{
		Name: "wait", Image: image,
		Resources: config.NewResources("50m", "64Mi", "500m", "128Mi"),
		Env:       []pod.EnvVar{pod.Literal("PGHOST", host), pod.Literal("PGUSER", user)},
		Command:   []string{"sh", "-c", "until pg_isready -q; do sleep 1; done"},
	}
}

// login is what psql logs in to the server with.
func (a databasesArgs) login() []pod.EnvVar {
	return []pod.EnvVar{
		pod.Literal("PGHOST", a.host),
		pod.Literal("PGUSER", a.admin),
		pod.Literal("PGDATABASE", "postgres"),
		pod.Literal("PGCONNECT_TIMEOUT", "10"),
		pod.FromSecret("PGPASSWORD", a.password.secret, a.password.key),
	}
}

func (a databasesArgs) psql(name string, configMap pulumi.StringInput) pod.Container {
	env := a.login()
	for i, g := range a.grants {
		env = append(env, pod.FromSecret(passwordVariable(i), g.password.secret, g.password.key))
	}
	for i, r := range a.readers {
		env = append(env, pod.FromSecret(readerVariable(i), r.password.secret, r.password.key))
	}
	return pod.Container{
		Name: name, Image: a.image, Env: append(env, a.env...),
		Resources: config.NewResources("50m", "64Mi", "500m", "128Mi"),
		Command:   []string{"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=/etc/databases/databases.sql"},
		Mounts: []pod.Mount{
			{Volume: pod.ConfigFiles("databases", configMap), Path: "/etc/databases", ReadOnly: true},
			{Volume: pod.Scratch("tmp", 16), Path: "/tmp"},
		},
	}
}

func passwordVariable(i int) string { return fmt.Sprintf("ROLE_PASSWORD_%d", i) }

func readerVariable(i int) string { return fmt.Sprintf("READER_PASSWORD_%d", i) }

// databasesSQL says of itself what it does.
//
//go:embed databases.sql.tmpl
var databasesSQL string

var databasesTemplate = template.Must(template.New("databases.sql").Parse(databasesSQL))

// script is what psql runs; sql comes before the grants.
func (a databasesArgs) script() (string, error) {
	type granted struct {
		grant
		Variable string // that the password is in
	}
	type reads struct {
		reader
		Variable string
	}
	data := struct {
		SQL     string
		Grants  []granted
		Readers []reads
		InTurn  bool
	}{SQL: a.sql, InTurn: a.inTurn}
	for i, g := range a.grants {
		data.Grants = append(data.Grants, granted{g, passwordVariable(i)})
	}
	for i, r := range a.readers {
		data.Readers = append(data.Readers, reads{r, readerVariable(i)})
	}
	var script strings.Builder
	err := databasesTemplate.Execute(&script, data)
	return script.String(), err
}
