package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// promoteScript has a replica take writes, once. It first finds out which
// server answers, and that nobody else takes writes. The server before it goes
// on sending until it has stopped, and whatever it has sent is kept; a standby
// whose Service leads to itself may follow itself, and waits for nobody.
const promoteScript = `set -eu
ask() {
	psql --no-psqlrc --no-align --tuples-only --quiet --command="$1"
}
refuse() {
	echo "$1" >&2
	exit 1
}
while :; do
	answers=$(ask 'SHOW cluster_name')
	test "$answers" != "$SERVER" || break
	echo "waiting for the Service to lead to $SERVER"
	sleep 1
done
recovering=$(ask 'SELECT pg_is_in_recovery()')
test "$recovering" = t || exit 0
test "$ROLE" = ` + PostgresPromoted + ` ||
	refuse "role: $SERVER is $ROLE, and it follows another server; set role promoted for it to take writes"
if test -n "$STANDBY" && test "$(PGHOST=$STANDBY ask 'SELECT pg_is_in_recovery()')" = f; then
	refuse "role: $SERVER is not promoted while the server behind $STANDBY takes writes; disable that one first"
fi
sending="SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')
	AND NOT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = current_setting('cluster_name'))"
while :; do
	receiving=$(ask "$sending")
	test "$receiving" = t || break
	echo "waiting for the server that $SERVER follows to stop"
	sleep 1
done
promoted=$(ask 'SELECT pg_promote(true, 300)')
test "$promoted" = t || refuse "$SERVER did not become the writer within 300 s; look at its log"
`

// serverRolesSQL makes the roles that are the servers' own, and closes every
// database to whom it does not belong to. HAProxy's role may log in without a
// password, so it may do nothing, and not keep everybody else out by it.
const serverRolesSQL = `
\getenv password ` + replicationKey + `
SELECT 'CREATE ROLE ` + PostgresReplicator + `' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '` + PostgresReplicator + `') \gexec
ALTER ROLE ` + PostgresReplicator + ` WITH LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SELECT 'CREATE ROLE ` + PostgresCheckRole + `' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '` + PostgresCheckRole + `') \gexec
ALTER ROLE ` + PostgresCheckRole + ` WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 10 PASSWORD NULL;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname) FROM pg_database WHERE datallowconn \gexec
GRANT CONNECT ON DATABASE ` + postgresAdmin + ` TO ` + PostgresCheckRole + `;
`

// databases shapes the Job. It runs again for another writer, role, database
// or password.
func (a PostgresServersArgs) databases(writer PostgresInstance, standby []PostgresInstance) databasesArgs {
	admin := secretKey{postgresSecret, "POSTGRES_PASSWORD"}
	args := databasesArgs{
		app: a.App, image: a.Image, user: PostgresServer{Image: a.Image}.user(), nodeSelector: writer.NodeSelector,
		host: PostgresName, admin: PostgresSuperuser, password: admin,
		sql: serverRolesSQL, inTurn: true, env: []EnvVar{FromSecret(replicationKey, postgresSecret, replicationKey)},
		secrets: pulumi.StringMap{"admin": a.Password, "replication": a.ReplicationPassword},
	}
	for _, database := range a.Databases {
		password := secretKey{database.Secret, "PASSWORD"}
		args.grants = append(args.grants, grant{database: database.Name, role: database.Role, password: password})
		args.secrets[fmt.Sprintf("%s/%s", password.secret, password.key)] = database.Password
	}
	for _, r := range a.Readers {
		password := secretKey{r.Secret, r.Key}
		args.readers = append(args.readers, reader{database: r.Database, owner: a.owner(r.Database), role: r.Role, password: password})
		args.secrets[fmt.Sprintf("%s/%s", password.secret, password.key)] = r.Password
	}
	args.before = []Container{args.promote(writer, standby)}
	return args
}

// owner is the role of a database, which makes its tables.
func (a PostgresServersArgs) owner(database string) string {
	for _, one := range a.Databases {
		if one.Name == database {
			return one.Role
		}
	}
	return ""
}

func (a databasesArgs) promote(writer PostgresInstance, standby []PostgresInstance) Container {
	reader := ""
	if len(standby) > 0 {
		reader = PostgresReaderService
	}
	return Container{
		Name: "promote", Image: a.image,
		Resources: NewResources("50m", "64Mi", "500m", "128Mi"),
		Command:   []string{"sh", "-c", promoteScript},
		Env:       append(a.login(), Literal("SERVER", writer.Name), Literal("ROLE", writer.Role), Literal("STANDBY", reader)),
	}
}
