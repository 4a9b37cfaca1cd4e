package config

// The components of Edd Cloud that are not services of its stack file.
const (
	componentGateway      = "gateway"
	componentMaster       = "gfs-master"
	componentChunkserver  = "gfs-chunkserver"
	componentHAProxy      = "haproxy"
	componentNATS         = "nats"
	componentCleanup      = "image-cleanup"
	componentPostgres     = "postgres"
	componentReplica      = "postgres-replica"
	componentPostgresInit = "postgres-init"
)

// postgresServers lists the names that a database server may have: clients
// know the Services, and the claims have theirs.
var postgresServers = []string{componentPostgres, componentReplica}

// takenComponents are names that no service may have. The file share's label
// is among them: a service of that name would have its pods selected.
var takenComponents = []string{
	componentGateway, componentMaster, componentChunkserver, componentHAProxy, componentNATS, componentCleanup,
	componentPostgres, componentReplica, componentPostgresInit, filesApp,
}

// The ports of the fixed components, of their containers and of their Services.
const (
	postgresPort    = 5432
	masterPort      = 9000
	natsPort        = 4222
	natsMonitorPort = 8222
)

// gatewayPorts are the Service's own beside the compute ports, and those of
// the container that the compute ports would lay open or take away: health and
// HTTP. Its HTTPS, 8443, is among the compute ports and open anyway.
var gatewayPorts = []int{80, 443, 2222, 9091, 18080}

// chunkserverPorts are open on the chunkservers' nodes anyway.
var chunkserverPorts = []int{9080, 9081}
