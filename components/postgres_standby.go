package components

import "fmt"

// postgresVolume is where a server sees its claim.
const postgresVolume = "/var/lib/postgresql/data"

// replicationKey is the key of [PostgresReplicator]'s password.
const replicationKey = "REPLICATION_PASSWORD"

// postgresData finds the data: in the volume's root, where the first servers
// of the cluster have theirs, else in a folder below. A server has to own the
// folder of its data, and the root of a new volume belongs to root.
const postgresData = `PGDATA=` + postgresVolume + `
test -s "$PGDATA/PG_VERSION" || PGDATA=$PGDATA/pgdata
export PGDATA
`

// prepareScript keeps a server from starting on data that do not fit its
// role, and makes an empty volume a copy of the writer. It deletes nothing but
// its own half of a copy: that counts only once it has its name.
const prepareScript = `set -eu
` + postgresData + `
refuse() {
	echo "$1" >&2
	exit 1
}
case "$(cat /etc/postgresql/role)" in
` + PostgresPrimary + `)
	test ! -e "$PGDATA/standby.signal" ||
		refuse "role: primary, and the volume has the data of a replica; set role promoted for them to take writes"
	;;
` + PostgresReplica + `)
	if test -s "$PGDATA/PG_VERSION"; then
		test -e "$PGDATA/standby.signal" ||
			refuse "role: replica, and the volume has the data of a server that took writes itself; move them out of $PGDATA as the runbook says, then a copy is made"
		exit 0
	fi
	until pg_isready -q -U ` + PostgresCheckRole + ` -d ` + postgresAdmin + `; do sleep 1; done
	test ! -e "$PGDATA" || rmdir "$PGDATA" || refuse "role: replica, and $PGDATA has files that are no database; move them away"
	rm -rf "$PGDATA.part"
	pg_basebackup --pgdata="$PGDATA.part" --wal-method=stream --checkpoint=fast --no-password
	touch "$PGDATA.part/standby.signal"
	mv "$PGDATA.part" "$PGDATA"
	;;
esac
`

// followed is where a standby gets the writer's changes. The password is in
// its environment: pg_basebackup would write it into the data, which a changed
// one would not reach.
func followed() string {
	return fmt.Sprintf("host=%s port=%d user=%s", PostgresName, PostgresPort, PostgresReplicator)
}

// prepare reads the role at each start, and not from the pod, which would have
// to be another for another role.
func (s PostgresInstance) prepare(args PostgresServersArgs, mounts []Mount) Container {
	return Container{
		Name: "prepare", Image: args.Image, Resources: args.Resources, Mounts: mounts,
		Command: []string{"sh", "-c", prepareScript},
		Env: []EnvVar{
			Literal("PGHOST", PostgresName),
			Literal("PGUSER", PostgresReplicator),
			FromSecret("PGPASSWORD", postgresSecret, replicationKey),
		},
	}
}
