package postgres

import (
	_ "embed"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/pod"
	"platform/config"
)

// promoteScript has a replica take writes, once. It first finds out which
// server answers, and that nobody else takes writes. The server before it goes
// on sending until it has stopped, and whatever it has sent is kept; a standby
// whose Service leads to itself may follow itself, and waits for nobody.
//
//go:embed promote.sh
var promoteScript string

// serverRolesSQL makes the roles that are the servers' own, and closes every
// database to whom it does not belong to. HAProxy's role may log in without a
// password, so it may do nothing, and not keep everybody else out by it.
//
//go:embed roles.sql
var serverRolesSQL string

// databases shapes the Job. It runs again for another writer, role, database
// or password.
func (a ServersArgs) databases(writer instance, standby []instance) databasesArgs {
	args := databasesArgs{
		app: a.App, image: a.Image, nodeSelector: writer.NodeSelector,
		host: config.PostgresName, admin: config.PostgresSuperuser, password: secretKey{config.PostgresSecret, "POSTGRES_PASSWORD"},
		sql: serverRolesSQL, inTurn: true, env: []pod.EnvVar{pod.FromSecret(replicationKey, config.PostgresSecret, replicationKey)},
		secrets: pulumi.StringMap{
			"admin": a.Secrets[config.PostgresSecret]["POSTGRES_PASSWORD"], "replication": a.Secrets[config.PostgresSecret][replicationKey],
		},
	}
	add := func(password secretKey) secretKey {
		args.secrets[password.secret+"/"+password.key] = a.Secrets[password.secret][password.key]
		return password
	}
	for _, database := range a.Databases {
		args.grants = append(args.grants, grant{Database: database.Name, Role: database.Role, password: add(secretKey{database.Secret, "PASSWORD"})})
	}
	for _, r := range a.Readers {
		args.readers = append(args.readers, reader{Database: r.Database, Owner: a.owner(r.Database), Role: r.Role, password: add(secretKey{config.PostgresSecret, r.Key})})
	}
	args.before = []pod.Container{args.promote(writer, standby)}
	return args
}

// owner is the role of a database, which makes its tables.
func (a ServersArgs) owner(database string) string {
	for _, one := range a.Databases {
		if one.Name == database {
			return one.Role
		}
	}
	return ""
}

func (a databasesArgs) promote(writer instance, standby []instance) pod.Container {
	reader := ""
	if len(standby) > 0 {
		reader = config.PostgresReaderName
	}
	return pod.Container{
		Name: "promote", Image: a.image,
		Resources: config.NewResources("50m", "64Mi", "500m", "128Mi"),
		Command:   []string{"sh", "-c", promoteScript},
		Env:       append(a.login(), pod.Literal("SERVER", writer.name), pod.Literal("ROLE", string(writer.Role)), pod.Literal("STANDBY", reader)),
	}
}
