package config

import (
	"net/netip"
	"time"
)

// EddCloud configures Edd Cloud on its K3s cluster.
type EddCloud struct {
	Common
	Environment  string                 `key:"environment"` // label of every object: prod or local
	Domain       string                 `key:"domain"`      // that every host lies under, such as eddisonso.com
	Gateway      Gateway                `key:"gateway"`
	GFS          GFS                    `key:"gfs"`
	Postgres     PostgresServers        `key:"postgres"`
	HAProxy      HAProxy                `key:"haproxy"`
	NATS         NATS                   `key:"nats"`
	Services     map[string]CoreService `key:"services"`    // by name, which is that of the Deployment and of its Service
	Credentials  map[string][]string    `key:"credentials"` // further Secrets: name to keys, beside those that the platform has anyway
	MetalLB      MetalLB                `key:"metallb"`
	HostPolicy   HostPolicy             `key:"hostPolicy"`
	TLS          WildcardTLS            `key:"tls"`
	ImageCleanup ImageCleanup           `key:"imageCleanup"`
	Rollback     map[string]string      `key:"rollback"` // consent to an older image: component to exactly that tag
}

// Build is a container image and what it was built for.
type Build struct {
	Image     string   `key:"image"`     // repository:tag; of eddisonso only with a tag YYYYMMDD-HHMMSS (UTC)
	Platforms []string `key:"platforms"` // linux/amd64, linux/arm64
}

// CoreService is one stateless service of Edd Cloud. What an entry of the
// catalogue leaves out of the stack file comes from there, so the stack file
// says what operators decide; a service that is new says all of it.
type CoreService struct {
	Build
	Replicas     int               `key:"replicas"`     // default 1
	NodeSelector map[string]string `key:"nodeSelector"` // none matches every node
	Resources    Resources         `key:"resources"`
	Command      []string          `key:"command"` // none means the image's own
	Args         []string          `key:"args"`
	Port         int               `key:"port"`       // HTTP, of the container; the Service NAME serves it on 80; 0 means none
	GRPCPort     int               `key:"grpcPort"`   // of the container and of the Service; 0 means none
	HealthPath   string            `key:"healthPath"` // empty means that an open port is health enough
	Host         string            `key:"host"`       // that the gateway leads here, such as docs.cloud.eddisonso.com; empty means none
	Paths        []string          `key:"paths"`      // of Host, all of it when there is none; an entry HOST/PATH is of another host
	Env          map[string]string `key:"env"`        // nothing secret
	Fields       map[string]string `key:"fields"`     // variables from the pod itself, such as POD_NAME: metadata.name
	Secrets      map[string]string `key:"secrets"`    // variables from Secrets, such as JWT_SECRET: edd-cloud-auth/JWT_SECRET
	User         int               `key:"user"`       // UID, over 0; default 65532
	Writable     []string          `key:"writable"`   // folders that it writes to beside /tmp; 64 MiB each, gone with the pod

	// Labels select its pods beside app, and App is that label's value. Only
	// the catalogue sets them, where pods had others than the service's name
	// from the start: a Deployment's selector never changes.
	App    string
	Labels map[string]string
}

// Gateway configures the way in: SSH, HTTP, HTTPS and the compute ports.
type Gateway struct {
	Build
	Replicas     int               `key:"replicas"` // default 1
	NodeSelector map[string]string `key:"nodeSelector"`
	Resources    Resources         `key:"resources"`
	Address      netip.Addr        `key:"address"`      // of its Service, from a pool of metallb
	ComputePorts PortRange         `key:"computePorts"` // led through to the same number; default 8000 to 8999
	ACMEEmail    string            `key:"acmeEmail"`
	Routes       []Route           `key:"routes"` // beside those that services ask for with host and paths
}

// PortRange is First to Last, both included.
type PortRange struct {
	First int `key:"first"`
	Last  int `key:"last"`
}

// Route leads requests of a host to a service.
type Route struct {
	Host        string `key:"host"`
	Path        string `key:"path"`    // prefix; default /
	Service     string `key:"service"` // a service of the namespace
	Port        int    `key:"port"`    // of the Service; default 80
	StripPrefix bool   `key:"stripPrefix"`
}

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
	Tolerations  []Taint           `key:"tolerations"` // of their nodes' taints
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
	FileMiB       int               `key:"fileMiB"`       // of streams in files; default four fifths of the claim
	LameDuckDrain time.Duration     `key:"lameDuckDrain"` // over which clients are sent away at a stop; default 30s
}

// MetalLB configures the addresses that Services of type LoadBalancer get.
type MetalLB struct {
	Namespace     string        `key:"namespace"`     // where it runs; default metallb-system
	Pools         []AddressPool `key:"pools"`         // by name
	Advertisement string        `key:"advertisement"` // of all pools, by L2; default compute-l2
}

// AddressPool is a set of addresses.
type AddressPool struct {
	Name      string   `key:"name"`
	Addresses []string `key:"addresses"` // each FIRST-LAST or a network
}

// HostPolicy is the Calico policy that keeps ports of the nodes themselves open.
type HostPolicy struct {
	Name  string `key:"name"`  // default allow-host-chunkserver
	Order int    `key:"order"` // default 10
	Ports []int  `key:"ports"` // beside the chunkservers'; default 22, 6443, 10250
}

// CertificateSource says where the wildcard certificate comes from.
type CertificateSource string

// The sources of the wildcard certificate.
const (
	CertificateIssued   CertificateSource = "cert-manager" // issued and renewed by cert-manager
	CertificateProvided CertificateSource = "secrets"      // read from the secret source
	CertificateExisting CertificateSource = "existing"     // a Secret that somebody else keeps
)

// CertificateSources lists every [CertificateSource].
var CertificateSources = []CertificateSource{CertificateIssued, CertificateProvided, CertificateExisting}

// WildcardTLS configures the certificate that the gateway serves.
type WildcardTLS struct {
	Source CertificateSource `key:"source"` // default cert-manager
	Secret string            `key:"secret"` // default eddisonso-wildcard-tls
	Issuer string            `key:"issuer"` // ClusterIssuer; default letsencrypt-cloudflare
	Email  string            `key:"email"`  // of the ACME account; needed with cert-manager
	Hosts  []string          `key:"hosts"`  // default DOMAIN, *.DOMAIN and *.cloud.DOMAIN
}

// ImageCleanup configures the Job that removes unused images from every node.
type ImageCleanup struct {
	Build
	Schedule  string    `key:"schedule"` // five cron fields, UTC; default 0 3 * * *
	Resources Resources `key:"resources"`
}
