package components_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
)

// configured is a file of a server's ConfigMap.
func configured(t *testing.T, args servers, server, file string) string {
	t.Helper()
	return dig(run(t, registering("postgres", postgres.NewServers, args)).one(t, "ConfigMap", server).Inputs, "data", file).(string)
}

// The first line that matches decides, so the one line without a password
// stands before the one for all.
func TestPostgresAsksAllButTheCheckForAPassword(t *testing.T) {
	assert.Equal(t, []string{
		"local all all trust",
		"host postgres haproxy_check 10.42.0.0/16 trust",
		"host replication replicator 10.0.0.0/8 md5",
		"host all all 0.0.0.0/0 md5",
		"",
	}, strings.Split(configured(t, promotedArgs(), "postgres-replica", "pg_hba.conf"), "\n"))
}

func TestPostgresServersAreSizedToTheirLimit(t *testing.T) {
	for _, server := range []string{"postgres", "postgres-replica"} {
		conf := configured(t, pairArgs(), server, "postgresql.conf")
		for _, line := range []string{
			"cluster_name = '" + server + "'", "listen_addresses = '*'", "max_connections = 100", "shared_buffers = 128MB", "effective_cache_size = 384MB",
			"wal_level = replica", "max_wal_senders = 3", "wal_keep_size = 512MB", "hot_standby = on",
		} {
			assert.Contains(t, conf, line+"\n")
		}
	}
}
