// Package config reads the configuration of a stack into one typed tree and
// checks it whole before anything is registered. It creates no resource, so
// it is tested without an engine.
//
// A field's key tag is its name in Pulumi.<stack>.yaml: the field Postgres of
// [EPFL] is platform:postgres there, and StorageGiB inside it is
// platform:postgres.storageGiB in every error.
package config

import (
	"net/netip"
	"time"
)

// Namespace is the Pulumi configuration namespace that this program owns:
// every key of a stack file starts with it.
const Namespace = "platform"

// EPFL configures one environment of the co2-calculator on EPFL's cluster.
type EPFL struct {
	Common
	Environment string             `key:"environment"` // dev, staging, prod, local; the namespace is co2-calculator-ENVIRONMENT
	Frontend    Frontend           `key:"frontend"`
	Backend     Backend            `key:"backend"`
	Worker      Worker             `key:"worker"`
	Redis       Redis              `key:"redis"`
	Postgres    Postgres           `key:"postgres"`
	Edge        Edge               `key:"edge"`
	Monitoring  Monitoring         `key:"monitoring"`
	Services    map[string]Service `key:"services"`
	Quota       Quota              `key:"quota"`
}

// namespacePrefix begins the Kubernetes namespace of every environment.
const namespacePrefix = "co2-calculator-"

// Namespace is the Kubernetes namespace that holds the environment.
func (c *EPFL) Namespace() string { return namespacePrefix + c.Environment }

// Frontend configures nginx with the single-page application.
type Frontend struct {
	Image        string            `key:"image"` // repository:tag
	Replicas     int               `key:"replicas"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	SentryDSN    string            `key:"sentryDsn"`    // public by design: browsers send to it; empty means none
	LivePath     string            `key:"livePath"`     // default /healthz
	ReadyPath    string            `key:"readyPath"`    // default /ready
	InjectedFile string            `key:"injectedFile"` // that the start script writes; default as release.go has it
}

// Backend configures the FastAPI application.
type Backend struct {
	Image        string            `key:"image"`
	Replicas     int               `key:"replicas"` // the autoscaler's when that is on
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	Autoscaling  Autoscaling       `key:"autoscaling"`
	LivePath     string            `key:"livePath"`  // default as release.go has it
	ReadyPath    string            `key:"readyPath"` // default as release.go has it
	LogLevel     LogLevel          `key:"logLevel"`  // default INFO
	LogFormat    LogFormat         `key:"logFormat"` // default json
	OAuth        OAuth             `key:"oauth"`
	Migrations   Migrations        `key:"migrations"`
	Egress       []Egress          `key:"egress"` // beside database and queue
	Files        Files             `key:"files"`
}

// Files configures where every process of the backend's image keeps files
// while it has no S3 storage. Each pod has a folder of its own, which is lost
// with the pod.
type Files struct {
	Folder  string `key:"folder"`  // absolute; default /app/files_storage
	SizeMiB int    `key:"sizeMiB"` // a pod that writes more is evicted; default 1024
}

// LogLevel is the least severe level that the backend logs.
type LogLevel string

// LogLevels lists every [LogLevel], most verbose first.
var LogLevels = []LogLevel{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}

// LogFormat is the shape of a log line.
type LogFormat string

// LogFormats lists every [LogFormat].
var LogFormats = []LogFormat{"json", "text"}

// OAuth names the identity provider of the backend. Its client secret is a
// secret and comes from the secret source.
type OAuth struct {
	ClientID  string `key:"clientId"`
	IssuerURL string `key:"issuerUrl"`
}

// Autoscaling sets the bounds of a HorizontalPodAutoscaler.
type Autoscaling struct {
	Enabled       bool `key:"enabled"`
	MinReplicas   int  `key:"minReplicas"`
	MaxReplicas   int  `key:"maxReplicas"`
	CPUPercent    int  `key:"cpuPercent"`    // of the request, averaged over pods
	MemoryPercent int  `key:"memoryPercent"` // of the request, averaged over pods
}

// Migrations configures the Job that brings the database schema up to date
// before new backend pods serve.
type Migrations struct {
	TimeoutSeconds int `key:"timeoutSeconds"` // default 600
}

// Egress opens one way out of the namespace.
type Egress struct {
	Name   string         `key:"name"` // what is there, for the reader
	CIDR   netip.Prefix   `key:"cidr"`
	Except []netip.Prefix `key:"except"` // inside CIDR
	Port   int            `key:"port"`
}

// PostgresMode says who runs the database.
type PostgresMode string

// The modes of the database.
const (
	PostgresStatefulSet PostgresMode = "statefulset" // this program runs it
	PostgresManaged     PostgresMode = "managed"     // a service elsewhere; only a connection is configured
)

// PostgresModes lists every [PostgresMode].
var PostgresModes = []PostgresMode{PostgresStatefulSet, PostgresManaged}

// Postgres configures the database.
type Postgres struct {
	Mode         PostgresMode      `key:"mode"` // default statefulset
	Image        string            `key:"image"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	StorageGiB   int               `key:"storageGiB"`
	StorageClass string            `key:"storageClass"`
	Database     string            `key:"database"` // default co2calculator
	User         string            `key:"user"`     // the application's role, which owns the database; default co2calculator
	Backup       Backup            `key:"backup"`
	Managed      Managed           `key:"managed"`
}

// Backup configures the CronJob that writes archives with pg_dump.
type Backup struct {
	Enabled      bool      `key:"enabled"`
	Schedule     string    `key:"schedule"`   // five cron fields, UTC; default 15 2 * * *
	KeepDays     int       `key:"keepDays"`   // default 14
	StorageGiB   int       `key:"storageGiB"` // of the claim that holds the archives
	StorageClass string    `key:"storageClass"`
	Resources    Resources `key:"resources"` // of the job's pod
}

// Managed points at a database that somebody else runs.
type Managed struct {
	Host    string       `key:"host"`
	Port    int          `key:"port"`    // default 5432
	SSLMode string       `key:"sslMode"` // default verify-full
	CIDR    netip.Prefix `key:"cidr"`    // where the host's addresses lie, for the network policies
}

// SSLModes lists the libpq sslmode values that a managed database may have.
var SSLModes = []string{"require", "verify-ca", "verify-full"}

// EdgeKind is the API that publishes the application.
type EdgeKind string

// The kinds of edge.
const (
	EdgeIngress EdgeKind = "ingress" // networking.k8s.io Ingress
	EdgeGateway EdgeKind = "gateway" // gateway.networking.k8s.io Gateway and HTTPRoute
	EdgeRoute   EdgeKind = "route"   // route.openshift.io Route
)

// EdgeKinds lists every [EdgeKind].
var EdgeKinds = []EdgeKind{EdgeIngress, EdgeGateway, EdgeRoute}

// Edge configures how requests from EPFL's network reach the application.
type Edge struct {
	Kind      EdgeKind `key:"kind"`      // default ingress
	Host      string   `key:"host"`      // DNS name, without scheme
	Class     string   `key:"class"`     // IngressClass or GatewayClass; default nginx; no meaning for a Route
	Issuer    string   `key:"issuer"`    // cert-manager ClusterIssuer; default letsencrypt-prod
	TLSSecret string   `key:"tlsSecret"` // default co2calculator-tls
}

// Monitoring configures scraping, alerts and dashboards.
type Monitoring struct {
	Enabled          bool              `key:"enabled"`
	Namespace        string            `key:"namespace"`        // where Prometheus runs; default monitoring
	PrometheusLabels map[string]string `key:"prometheusLabels"` // of its pods; default app.kubernetes.io/name: prometheus
	ScrapeInterval   time.Duration     `key:"scrapeInterval"`   // default 30s
}

// Service is a further service of the application, beside those that have a
// type of their own: it needs no code, only its entry under services.
type Service struct {
	Image        string            `key:"image"`
	Replicas     int               `key:"replicas"` // default 1
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	Port         int               `key:"port"`       // of the container; the Service NAME-service serves it on 80
	User         int               `key:"user"`       // the image's own UID, over 0
	HealthPath   string            `key:"healthPath"` // empty means that an open port is health enough
	Path         string            `key:"path"`       // where the edge publishes it, such as /docs; empty means inside only
	Env          map[string]string `key:"env"`        // nothing secret
	Writable     []string          `key:"writable"`   // folders that it writes to; 64 MiB each, gone with the pod
	Reaches      []string          `key:"reaches"`    // what it opens connections to: backend, redis, postgres or another service
	Egress       []Egress          `key:"egress"`     // beside those
}

// Quota bounds what the namespace may ask for in all.
type Quota struct {
	Requests   Amounts `key:"requests"`
	Limits     Amounts `key:"limits"`
	Pods       int     `key:"pods"`
	StorageGiB int     `key:"storageGiB"`
}
