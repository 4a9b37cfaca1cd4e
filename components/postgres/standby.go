package postgres

import (
	_ "embed"
	"fmt"

	"platform/components/pod"
	"platform/config"
)

// volumePath is where a server sees its claim.
const volumePath = "/var/lib/postgresql/data"

// replicationKey is the key of the replicator's password.
const replicationKey = "REPLICATION_PASSWORD"

// dataPath finds the data: in the volume's root, where the first servers
// of the cluster have theirs, else in a folder below. A server has to own the
// folder of its data, and the root of a new volume belongs to root.
const dataPath = `PGDATA=` + volumePath + `
test -s "$PGDATA/PG_VERSION" || PGDATA=$PGDATA/pgdata
export PGDATA
`

// prepareScript keeps a server from starting on data that do not fit its
// role, and makes an empty volume a copy of the writer. It deletes nothing but
// its own half of a copy: that counts only once it has its name.
//
//go:embed prepare.sh
var prepareScript string

// followed is where a standby gets the writer's changes. The password is in
// its environment: pg_basebackup would write it into the data, which a changed
// one would not reach.
func followed() string {
	return fmt.Sprintf("host=%s port=%d user=%s", config.PostgresName, config.PostgresPort, config.PostgresReplicator)
}

// prepare reads the role at each start, and not from the pod, which would have
// to be another for another role.
func (s instance) prepare(args ServersArgs, mounts []pod.Mount) pod.Container {
	return pod.Container{
		Name: "prepare", Image: args.Image, Resources: args.Resources, Mounts: mounts,
		Command: []string{"sh", "-c", prepareScript},
		Env: []pod.EnvVar{
			pod.Literal("PGHOST", config.PostgresName),
			pod.Literal("PGUSER", config.PostgresReplicator),
			pod.FromSecret("PGPASSWORD", config.PostgresSecret, replicationKey),
		},
	}
}
