package postgres

import (
	"fmt"

	"platform/config"
)

const (
	// walKeepMiB is the log that a server keeps for a standby that is away: a
	// tenth of the 5 GiB that the claims have.
	walKeepMiB = 512
	// maxConnections is max_connections, PostgreSQL's own default.
	maxConnections = 100
	// reservedConnections are those that HAProxy leaves free: three that PostgreSQL
	// keeps for superusers, the rest for the Job, checks and whoever connects
	// to a server itself.
	reservedConnections = 10
	// replicationNetwork is where standbys may copy a server from.
	replicationNetwork = "10.0.0.0/8"
)

// conf is the observed configuration, with more of the log kept, and sized to
// the memory limit as [Args.tuning] says. The name is the one that
// a standby logs in under, and by which the Job tells the servers apart. A
// writer that is silent for 10 s is taken for lost.
func (s instance) conf(resources config.Resources) string {
	memory := resources.LimitMiB()
	return fmt.Sprintf(`cluster_name = '%s'
listen_addresses = '*'
max_connections = %d
shared_buffers = %dMB
effective_cache_size = %dMB
wal_level = replica
max_wal_senders = 3
wal_keep_size = %dMB
wal_receiver_timeout = 10s
hot_standby = on
`, s.name, maxConnections, memory/4, memory*3/4, walKeepMiB)
}

// hba says who may log in how; the first line that matches decides. HAProxy
// cannot answer a question for a password, so its role has none. The method
// md5 takes the hashes of PostgreSQL before 14 and those of today, which
// scram-sha-256 alone would not.
func (a ServersArgs) hba() string {
	return fmt.Sprintf(`local all all trust
host %s %s %s trust
host replication %s %s md5
host all all 0.0.0.0/0 md5
`, config.PostgresAdmin, config.PostgresCheckRole, a.PodNetwork, config.PostgresReplicator, replicationNetwork)
}
