package config

import (
	"slices"
	"time"
)

// The defaults of Edd Cloud. Images, addresses, node selectors, storage and
// whatever else differs between clusters have none.
const (
	// DefaultFirstComputePort and DefaultLastComputePort bound what the gateway
	// leads to the users' containers.
	DefaultFirstComputePort = 8000
	DefaultLastComputePort  = 8999
	// DefaultGFSPath is where the master keeps the namespace on its node.
	DefaultGFSPath = "/data/gfs"
	// DefaultGFSNodePort is where chunkservers, which are on their nodes'
	// networks, reach the master.
	DefaultGFSNodePort = 30900
	// DefaultChunkPath is where a chunkserver keeps its chunks on its node.
	DefaultChunkPath = "/data/gfs/chunkserver"
	// DefaultChunkservers is one for each copy of a chunk.
	DefaultChunkservers = 3
	// DefaultNATSMemoryMiB is the memory that streams may fill; half of the
	// server's memory limit is left for connections and buffers.
	DefaultNATSMemoryMiB = 512
	// DefaultNATSFileShare is the part of the claim, in percent, that streams
	// may fill. The rest is for their indexes: a full volume stops every stream.
	// It bounds the streams that services make, and is the least of what all may
	// reserve.
	DefaultNATSFileShare = 80
	// DefaultLameDuckDrain is the shortest that the server takes.
	DefaultLameDuckDrain = 30 * time.Second
	// DefaultMetalLBNamespace is where its own manifests install it.
	DefaultMetalLBNamespace = "metallb-system"
	// DefaultAdvertisement announces the pools on the nodes' network.
	DefaultAdvertisement = "compute-l2"
	// DefaultHostPolicy is the name of the Calico policy.
	DefaultHostPolicy = "allow-host-chunkserver"
	// DefaultHostPolicyOrder puts it before policies with a larger order.
	DefaultHostPolicyOrder = 10
	// DefaultCertificateSource has the certificate renewed by itself.
	DefaultCertificateSource = CertificateIssued
	// DefaultWildcardSecret holds the certificate that the gateway serves.
	DefaultWildcardSecret = "eddisonso-wildcard-tls"
	// DefaultWildcardIssuer proves the domain by DNS, as a wildcard demands.
	DefaultWildcardIssuer = "letsencrypt-cloudflare"
	// DefaultCleanupSchedule is at night.
	DefaultCleanupSchedule = "0 3 * * *"
	// DefaultCoreUser is a UID that no account has. The services are static
	// binaries, which run as any.
	DefaultCoreUser = 65532
	// DefaultRoutePath leads a whole host.
	DefaultRoutePath = "/"
	// DefaultServicePort is where Services serve HTTP.
	DefaultServicePort = 80
	// DefaultGatewayDatabase is that of edd-compute, which makes the tables that
	// the gateway reads: containers, ssh_keys and ingress_rules.
	DefaultGatewayDatabase = "compute_db"
	// DefaultGatewayRole is the gateway's own role there.
	DefaultGatewayRole = "gateway_svc"
)

// lastTagInDefault is the newest tag of the gateway's image that was seen to
// ask for its Secret gateway-ssh-key in the namespace default. Images that are
// newer ask in core.
const lastTagInDefault = "20260215-062053"

// sshSecretNamespace is where an image of the gateway asks for that Secret, as
// far as its tag tells. One without a time in its tag is taken for a new one.
func sshSecretNamespace(image string) string {
	last, _ := parseTag(lastTagInDefault)
	if built, known := TagTime(image); known && !built.After(last) {
		return "default"
	}
	return CoreNamespace
}

// Those with a figure have the observed one. Nobody has measured the others:
// they are chosen to be adjusted.
var (
	defaultGatewayResources  = NewResources("50m", "128Mi", "2", "2Gi")
	defaultMasterResources   = NewResources("100m", "128Mi", "1", "1Gi")   // chosen
	defaultChunkResources    = NewResources("100m", "128Mi", "1", "512Mi") // chosen
	defaultPostgresResources = NewResources("250m", "128Mi", "1", "512Mi")
	defaultHAProxyResources  = NewResources("100m", "32Mi", "500m", "128Mi")
	defaultNATSResources     = NewResources("100m", "256Mi", "500m", "1Gi")
	defaultServiceResources  = NewResources("25m", "64Mi", "250m", "256Mi") // chosen
	defaultCleanupResources  = NewResources("25m", "32Mi", "250m", "128Mi") // chosen
)

// defaultHostPorts are SSH, the API server and the kubelet.
func defaultHostPorts() []int { return []int{22, apiServerPort, 10250} }

// defaultDatabases are those of the services in the catalogue.
func defaultDatabases() []CoreDatabase {
	return []CoreDatabase{
		{Name: "auth_db", Role: "auth_svc", Secret: "auth-db-credentials"},
		{Name: "compute_db", Role: "compute_svc", Secret: "compute-db-credentials"},
		{Name: "sfs_db", Role: "sfs_svc", Secret: "sfs-db-credentials"},
		{Name: "notifications_db", Role: "notifications_svc", Secret: "notification-db-credentials"},
	}
}

func (c *EddCloud) applyDefaults() {
	c.Secrets.applyDefaults()
	c.Topology.applyDefaults()
	c.Gateway.applyDefaults()
	c.GFS.applyDefaults(c.Topology)
	c.Postgres.Resources.fill(defaultPostgresResources)
	setList(&c.Postgres.Databases, defaultDatabases())
	c.HAProxy.Resources.fill(defaultHAProxyResources)
	c.applyServiceDefaults()
	c.NATS.applyDefaults(c.roomForStreams())
	setDefault(&c.MetalLB.Namespace, c.Topology.LoadBalancer.Namespace)
	setDefault(&c.MetalLB.Namespace, DefaultMetalLBNamespace)
	setDefault(&c.MetalLB.Advertisement, DefaultAdvertisement)
	setDefault(&c.HostPolicy.Name, DefaultHostPolicy)
	setDefault(&c.HostPolicy.Order, DefaultHostPolicyOrder)
	setList(&c.HostPolicy.Ports, defaultHostPorts())
	c.TLS.applyDefaults(c.Domain)
	setDefault(&c.ImageCleanup.Schedule, DefaultCleanupSchedule)
	c.ImageCleanup.Resources.fill(defaultCleanupResources)
}

func (c *EddCloud) applyServiceDefaults() {
	known := catalogue(c.Domain)
	for name, service := range c.Services {
		service.fill(name, known[name])
		c.Services[name] = service
	}
}

func (g *Gateway) applyDefaults() {
	setDefault(&g.Replicas, DefaultServiceReplicas)
	g.Resources.fill(defaultGatewayResources)
	setDefault(&g.ComputePorts, PortRange{DefaultFirstComputePort, DefaultLastComputePort})
	setDefault(&g.Database, DefaultGatewayDatabase)
	setDefault(&g.DatabaseRole, DefaultGatewayRole)
	setDefault(&g.SSHSecretNamespace, sshSecretNamespace(g.Image))
	for i := range g.Routes {
		setDefault(&g.Routes[i].Path, DefaultRoutePath)
		setDefault(&g.Routes[i].Port, DefaultServicePort)
	}
}

// applyDefaults takes the master's own node as the way to it. Any would do,
// since a node port is open on all, but that one is up whenever the master is.
func (g *GFS) applyDefaults(topology Topology) {
	setDefault(&g.Master.HostPath, DefaultGFSPath)
	setDefault(&g.Master.NodePort, DefaultGFSNodePort)
	g.Master.Resources.fill(defaultMasterResources)
	setDefault(&g.Chunkserver.HostPath, DefaultChunkPath)
	setDefault(&g.Chunkserver.Nodes, DefaultChunkservers)
	g.Chunkserver.Resources.fill(defaultChunkResources)
	own := slices.IndexFunc(topology.Nodes, func(n Node) bool { return n.takes(podSet{selector: g.Master.NodeSelector}) })
	if own >= 0 {
		setDefault(&g.Chunkserver.MasterNode, topology.Nodes[own].Name)
	}
}

// applyDefaults lets streams reserve what the volume bears, or what those that
// are known need where that is more: see [NATS.validateFile].
func (n *NATS) applyDefaults(room int) {
	setDefault(&n.Replicas, DefaultServiceReplicas)
	n.Resources.fill(defaultNATSResources)
	setDefault(&n.MemoryMiB, DefaultNATSMemoryMiB)
	setDefault(&n.FileMiB, max(n.bearableMiB(), room))
	setDefault(&n.LameDuckDrain, DefaultLameDuckDrain)
}

func (t *WildcardTLS) applyDefaults(domain string) {
	setDefault(&t.Source, DefaultCertificateSource)
	setDefault(&t.Secret, DefaultWildcardSecret)
	if t.Source == CertificateIssued {
		setDefault(&t.Issuer, DefaultWildcardIssuer)
	}
	setList(&t.Hosts, []string{domain, "*." + domain, "*.cloud." + domain})
}
