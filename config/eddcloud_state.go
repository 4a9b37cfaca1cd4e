package config

import "time"

// GFS configures the file system: one master and a chunkserver on each node
// that its selector names.
type GFS struct {
	Master      GFSMaster      `key:"master"`
	Chunkserver GFSChunkserver `key:"chunkserver"`
}

// GFSMaster configures the server that knows which chunk is where.
type GFSMaster struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	HostPath     string            `key:"hostPath"` // on its node; default /data/gfs
	NodePort     int               `key:"nodePort"` // that nodes reach it at; default 30900
}

// GFSChunkserver configures the servers that hold the chunks.
type GFSChunkserver struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	HostPath     string            `key:"hostPath"`    // on each node; default /data/gfs/chunkserver
	Nodes        int               `key:"nodes"`       // how many there must be; default 3
	MasterNode   string            `key:"masterNode"`  // whose address leads to the master's node port; default the master's own node
	Tolerations  []Toleration      `key:"tolerations"` // of their nodes' taints
}

// Toleration lets pods run on nodes with a taint, whatever its value.
type Toleration struct {
	Key    string `key:"key"`
	Effect string `key:"effect"` // empty means every effect
}

// PostgresRole says what a server does.
type PostgresRole string

// The roles of a PostgreSQL server.
const (
	RolePrimary  PostgresRole = "primary"  // takes writes
	RoleReplica  PostgresRole = "replica"  // follows the one that takes writes
	RolePromoted PostgresRole = "promoted" // was a replica and takes writes since
)

// PostgresRoles lists every [PostgresRole].
var PostgresRoles = []PostgresRole{RolePrimary, RoleReplica, RolePromoted}

// PostgresServers configures the database servers. One of those that run takes
// writes; the others follow it.
type PostgresServers struct {
	Build
	Resources Resources                 `key:"resources"` // of each
	Servers   map[string]PostgresServer `key:"servers"`   // postgres and postgres-replica
	Databases []CoreDatabase            `key:"databases"` // default those of the platform's services
}

// PostgresServer configures one server. Its claim is NAME-data.
type PostgresServer struct {
	Role         PostgresRole      `key:"role"`
	Enabled      bool              `key:"enabled"` // else it has no pod and keeps its claim
	NodeSelector map[string]string `key:"nodeSelector"`
	StorageGiB   int               `key:"storageGiB"`
	StorageClass string            `key:"storageClass"`
}

// CoreDatabase is the database of one service and the one role that reaches it.
type CoreDatabase struct {
	Name   string `key:"name"`
	Role   string `key:"role"`
	Secret string `key:"secret"` // gets DATABASE_URL and PASSWORD
}

// HAProxy configures the way to the database.
type HAProxy struct {
	Build
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
}

// NATS configures the message bus.
type NATS struct {
	Build
	Replicas      int               `key:"replicas"` // 1, or an odd number from 3 on for a cluster; default 1
	NodeSelector  map[string]string `key:"nodeSelector"`
	Resources     Resources         `key:"resources"`
	StorageGiB    int               `key:"storageGiB"`
	StorageClass  string            `key:"storageClass"`
	MemoryMiB     int               `key:"memoryMiB"`     // of streams in memory; default 512
	FileMiB       int               `key:"fileMiB"`       // that streams in files may reserve; default four fifths of the claim, or what the known streams need where that is more
	LameDuckDrain time.Duration     `key:"lameDuckDrain"` // over which a cluster's server sends its clients to the others at a stop; default 30s
}
