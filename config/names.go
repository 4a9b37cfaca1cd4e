package config

// The names of what both platforms have, of its Deployment or StatefulSet and of
// the label app of its pods.
const (
	PostgresName     = "postgres"
	PostgresInitName = "postgres-init" // the Job that makes databases and roles
	PostgresSecret   = "postgres-credentials"
	PostgresAdmin    = "postgres" // the superuser that the official image makes, and the database of its name
	PostgresPort     = 5432
)

// The names of the co2-calculator.
const (
	BackendName   = "backend"
	BackendSecret = "backend-secrets"
	MigrationName = "backend-migrate"
	WorkerName    = "celery-worker"
	PollerName    = "backend-worker"
	FrontendName  = "frontend"
	RedisName     = "redis"
	RedisSecret   = "redis-auth"
	BackupName    = "db-dump"
)

// takenServices are the names of what the co2-calculator has anyway: a service
// of that name would select the other's pods.
var takenServices = []string{BackendName, MigrationName, PollerName, WorkerName, BackupName, FrontendName, PostgresName, PostgresInitName, RedisName}

// reachable lists what a service may open connections to, beside services.
var reachable = []string{BackendName, RedisName, PostgresName}

// The names of Edd Cloud's components that are not services of its stack file.
// Each is that of its Service, too, where it has one.
const (
	GatewayName        = "gateway"
	GFSMasterName      = "gfs-master"
	ChunkserverName    = "gfs-chunkserver"
	HAProxyName        = "haproxy"
	NATSName           = "nats"
	ImageCleanupName   = "image-cleanup"
	PostgresReaderName = "postgres-replica" // its Service leads to the standby, and to the writer where none runs
)

// postgresServers lists the names that a database server may have: clients
// know the Services, and the claims have theirs.
var postgresServers = []string{PostgresName, PostgresReaderName}

// takenComponents are names that no service may have. The file share's label
// is among them: a service of that name would have its pods selected.
var takenComponents = []string{
	GatewayName, GFSMasterName, ChunkserverName, HAProxyName, NATSName, ImageCleanupName,
	PostgresName, PostgresReaderName, PostgresInitName, filesApp,
}

// The ports of Edd Cloud's components, of their containers and, where nothing
// else is said, of their Services.
const (
	GFSMasterPort              = 9000
	ChunkserverPort            = 9080 // of its node, for clients
	ChunkserverReplicationPort = 9081 // of its node, for other chunkservers
	NATSPort                   = 4222
	NATSMonitorPort            = 8222
	GatewaySSHPort             = 2222
	GatewayHTTPPort            = 18080 // 80 of its Service
	GatewayHTTPSPort           = 8443  // 443 of its Service
	GatewayHealthPort          = 9091  // none of its Service
)

// gatewayPorts are the Service's own beside the compute ports, and those of
// the container that the compute ports would lay open or take away: health and
// HTTP. Its HTTPS is among the compute ports and open anyway.
var gatewayPorts = []int{80, 443, GatewaySSHPort, GatewayHealthPort, GatewayHTTPPort}

// ChunkserverPorts are open on the chunkservers' nodes anyway.
var ChunkserverPorts = []int{ChunkserverPort, ChunkserverReplicationPort}

// The roles that Edd Cloud's database servers have of themselves.
const (
	PostgresSuperuser  = "eddcloud"      // the image's superuser and the name of its database
	PostgresReplicator = "replicator"    // that standbys copy the writer as
	PostgresCheckRole  = "haproxy_check" // that HAProxy looks at a server as; it has no password and no rights
)

// reservedRoles are those that no service may have.
var reservedRoles = []string{PostgresSuperuser, PostgresAdmin, PostgresReplicator, PostgresCheckRole}

// reservedDatabases come with every server.
var reservedDatabases = []string{PostgresAdmin, "template0", "template1", PostgresSuperuser}
