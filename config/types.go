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

	"k8s.io/apimachinery/pkg/api/resource"
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

// Common is what every stack has, whichever platform it deploys.
type Common struct {
	Protect  bool     `key:"protect"` // protect and retain on delete whatever holds data or an address
	Cluster  Cluster  `key:"cluster"`
	Topology Topology `key:"topology"`
	Secrets  Secrets  `key:"secrets"`
	Render   Render   `key:"render"`
}

// Cluster names the one Kubernetes cluster that a stack may touch.
type Cluster struct {
	Context    string `key:"context"`    // context of the kubeconfig; never its current one
	UID        string `key:"uid"`        // UID of the namespace kube-system; empty is not checked
	Kubeconfig string `key:"kubeconfig"` // path; empty means KUBECONFIG, then ~/.kube/config
}

// Render asks for plain manifests in the place of a deployment.
type Render struct {
	Directory string `key:"directory"` // empty means deploy; else one file an object is written here
}

// SecretSource says where secret values come from.
type SecretSource string

// The sources of secret values.
const (
	SourceGenerated SecretSource = "generated" // made by pulumi-random, kept encrypted in the state
	SourceInfisical SecretSource = "infisical" // read from Infisical
	SourceFixed     SecretSource = "fixed"     // test values, for rendering only
)

// SecretSources lists every [SecretSource], in the order errors print them.
var SecretSources = []SecretSource{SourceGenerated, SourceInfisical, SourceFixed}

// Secrets chooses the source of secret values.
type Secrets struct {
	Source SecretSource `key:"source"`
}

// Topology is what the cluster offers to workloads: nodes, storage and the
// ingress controller. The embedded cluster starts from the same data.
type Topology struct {
	Nodes             []Node            `key:"nodes"`
	StorageClasses    []StorageClass    `key:"storageClasses"`
	IngressController IngressController `key:"ingressController"`
	LoadBalancer      LoadBalancer      `key:"loadBalancer"`
	DNS               DNS               `key:"dns"`
	NodeNetwork       netip.Prefix      `key:"nodeNetwork"` // that the nodes' addresses lie in
	PodNetwork        netip.Prefix      `key:"podNetwork"`  // that the pods' addresses lie in
}

// LoadBalancer tells where the controller runs that gives addresses to
// Services of type LoadBalancer: MetalLB.
type LoadBalancer struct {
	Namespace string `key:"namespace"` // empty means that the cluster has none
}

// DNS tells where the pods that resolve names run, so that network policies
// can let every pod ask them.
type DNS struct {
	Namespace string            `key:"namespace"` // default kube-system
	Labels    map[string]string `key:"labels"`    // of its pods; default k8s-app: kube-dns
	Port      int               `key:"port"`      // that its pods listen on; default 53
}

// Node is one machine of the cluster.
type Node struct {
	Name         string            `key:"name"`
	Address      netip.Addr        `key:"address"`      // on the nodes' network; empty where nothing refers to it
	Architecture string            `key:"architecture"` // amd64 or arm64
	Labels       map[string]string `key:"labels"`       // beside those that Kubernetes sets itself
	Taints       []Taint           `key:"taints"`
	CPU          resource.Quantity `key:"cpu"`
	Memory       resource.Quantity `key:"memory"`
	Pods         int               `key:"pods"` // how many it takes; 0 means 110, the kubelet's default
}

// Taint keeps pods off a node unless they tolerate it.
type Taint struct {
	Key    string `key:"key"`
	Value  string `key:"value"`
	Effect string `key:"effect"` // NoSchedule, PreferNoSchedule or NoExecute
}

// StorageClass is a class of volumes that the cluster provides.
type StorageClass struct {
	Name        string `key:"name"`
	Default     bool   `key:"default"`
	Provisioner string `key:"provisioner"`
}

// IngressController tells where the pods that serve the edge run, so that
// network policies can let exactly them in.
type IngressController struct {
	Namespace string            `key:"namespace"`
	Labels    map[string]string `key:"labels"` // of its pods; none means every pod of the namespace
}

// Resources are what one container asks for and may use at most.
type Resources struct {
	Requests Amounts `key:"requests"`
	Limits   Amounts `key:"limits"`
}

// Amounts are quantities of computing resources.
type Amounts struct {
	CPU    resource.Quantity `key:"cpu"`
	Memory resource.Quantity `key:"memory"`
}

// Frontend configures nginx with the single-page application.
type Frontend struct {
	Image        string            `key:"image"` // repository:tag
	Replicas     int               `key:"replicas"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	SentryDSN    string            `key:"sentryDsn"` // public by design: browsers send to it; empty means none
}

// Backend configures the FastAPI application.
type Backend struct {
	Image        string            `key:"image"`
	Replicas     int               `key:"replicas"` // the autoscaler's when that is on
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	Autoscaling  Autoscaling       `key:"autoscaling"`
	LivePath     string            `key:"livePath"`  // default /health
	ReadyPath    string            `key:"readyPath"` // default /health
	LogLevel     LogLevel          `key:"logLevel"`  // default INFO
	LogFormat    LogFormat         `key:"logFormat"` // default json
	OAuth        OAuth             `key:"oauth"`
	Migrations   Migrations        `key:"migrations"`
	Egress       []Egress          `key:"egress"` // beside database and queue
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

// Worker configures the Celery workers, which run the backend's image.
type Worker struct {
	Replicas           int               `key:"replicas"`
	Resources          Resources         `key:"resources"`
	NodeSelector       map[string]string `key:"nodeSelector"`
	Module             string            `key:"module"`             // default app.worker
	Concurrency        int               `key:"concurrency"`        // processes a pod; default 2
	LongestTaskSeconds int               `key:"longestTaskSeconds"` // default 300; a stopping pod gets this and 30 s more
	Egress             []Egress          `key:"egress"`             // beside database and queue
}

// Redis configures the queue between backend and workers.
type Redis struct {
	Image        string            `key:"image"`
	Resources    Resources         `key:"resources"`
	NodeSelector map[string]string `key:"nodeSelector"`
	MaxMemoryMiB int               `key:"maxMemoryMiB"` // default three quarters of the memory limit
	StorageGiB   int               `key:"storageGiB"`   // of the append-only file
	StorageClass string            `key:"storageClass"`
	Exporter     Exporter          `key:"exporter"`
}

// Exporter configures the container that turns Redis' state into metrics.
type Exporter struct {
	Image     string    `key:"image"`
	Resources Resources `key:"resources"`
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
}

// Quota bounds what the namespace may ask for in all.
type Quota struct {
	Requests   Amounts `key:"requests"`
	Limits     Amounts `key:"limits"`
	Pods       int     `key:"pods"`
	StorageGiB int     `key:"storageGiB"`
}
