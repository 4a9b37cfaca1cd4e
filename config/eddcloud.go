package config

import "net/netip"

// CoreNamespace is the Kubernetes namespace that all of Edd Cloud runs in.
const CoreNamespace = "core"

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

// Namespace is the Kubernetes namespace that holds the platform.
func (c *EddCloud) Namespace() string { return CoreNamespace }

// Build is a container image and what it was built for.
type Build struct {
	Image     string   `key:"image"`     // repository:tag; of eddisonso only with a tag YYYYMMDD-HHMMSS (UTC)
	Platforms []string `key:"platforms"` // linux/amd64, linux/arm64
}

// CoreService is one stateless service of Edd Cloud. What the stack file leaves
// out of a service in the catalogue comes from there, so the stack file says
// what operators decide; a service that is new says all of it.
type CoreService struct {
	Build
	Replicas     int               `key:"replicas"`     // default 1
	NodeSelector map[string]string `key:"nodeSelector"` // none matches every node
	Resources    Resources         `key:"resources"`    // default as the catalogue says, else requests 25m and 64Mi, limits 250m and 256Mi
	Command      []string          `key:"command"`      // none means the image's own
	Args         []string          `key:"args"`
	Port         int               `key:"port"`       // HTTP, of the container; the Service NAME serves it on 80; 0 means none
	GRPCPort     int               `key:"grpcPort"`   // of the container and of the Service; 0 means none
	HealthPath   string            `key:"healthPath"` // empty means that an open port is health enough
	Routes       []ServiceRoute    `key:"routes"`     // by which the gateway leads to Port; none means inside only
	Env          map[string]string `key:"env"`        // nothing secret
	Fields       map[string]string `key:"fields"`     // variables from the pod itself, such as POD_NAME: metadata.name
	Secrets      map[string]string `key:"secrets"`    // variables from Secrets, such as JWT_SECRET: edd-cloud-auth/JWT_SECRET
	User         int               `key:"user"`       // UID, over 0; default 65532
	Writable     []string          `key:"writable"`   // folders that it writes to beside /tmp; 64 MiB each, gone with the pod
	Needs        ServiceNeeds      `key:"needs"`      // before it starts
	Makes        ServiceMakes      `key:"makes"`      // that others need

	// Labels select its pods beside app, and App is that label's value. Only
	// the catalogue sets them, where pods had others than the service's name
	// from the start: a Deployment's selector never changes.
	App    string // default the service's name
	Labels map[string]string
}

// ServiceRoute is one way from the gateway to the service that asks for it.
type ServiceRoute struct {
	Host string `key:"host"` // under the domain, such as docs.cloud.eddisonso.com
	Path string `key:"path"` // prefix; default /
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
	Routes       []Route           `key:"routes"` // beside those that services ask for, see [EddCloud.Routes]

	Database           string `key:"database"`           // of postgres.databases, whose tables of users' containers it reads; default compute_db
	DatabaseRole       string `key:"databaseRole"`       // its own there, which may read them and no more; default gateway_svc
	SSHSecretNamespace string `key:"sshSecretNamespace"` // where its image asks for the Secret gateway-ssh-key; default by the image's tag, see lastTagInDefault
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

// ImageCleanup configures the Job that removes unused images from every node.
type ImageCleanup struct {
	Build
	Schedule  string    `key:"schedule"` // five cron fields, UTC; default 0 3 * * *
	Resources Resources `key:"resources"`
}
