package config

import (
	"maps"
	"slices"
)

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

// exampleDomain is the domain that Edd Cloud lies under today.
const exampleDomain = "eddisonso.com"

// Validate checks the whole tree, defaults included, and returns every error
// at once. It expects defaults to be filled in, as [Parse] does.
func (c *EddCloud) Validate(stack string) Errors { return check(c, stack) }

// validate checks the parts first. The rules across parts come last, since
// they are silent about parts that are at error themselves.
func (c *EddCloud) validate(into *collector) {
	into.label("environment", c.Environment, "write prod or local")
	into.host("domain", c.Domain, exampleDomain)
	c.validateTarget(into)
	c.GitOps.validate(into)
	c.validateWaivers(into)
	c.Topology.validate(into)
	if len(c.Topology.DNS.Addresses) > 0 {
		into.add("topology.dns.addresses", "remove it", "no policy of this platform keeps pods from asking anybody, so there is nothing to open")
	}
	c.validateNetworks(into)
	c.Gateway.validate(into)
	c.GFS.validate(into, c.Topology)
	c.Postgres.validate(into)
	into.runs("haproxy", c.HAProxy.Build, c.HAProxy.Resources, c.HAProxy.NodeSelector)
	c.NATS.validate(into)
	c.HostPolicy.validate(into)
	c.TLS.validate(into, c.Domain)
	into.runs("imageCleanup", c.ImageCleanup.Build, c.ImageCleanup.Resources, nil)
	into.schedule("imageCleanup.schedule", c.ImageCleanup.Schedule, DefaultCleanupSchedule)
	c.validateCertificate(into)
	c.validateCredentials(into)
	c.validateGatewayDatabase(into)
	c.Secrets.validatePlaces(into, c.SecretValues(), "postgres.databases", "credentials", "tls.source", "tls.secret")
	c.validateStackSecrets(into, c.SecretValues(), "postgres.databases", "credentials", "tls.source", "tls.secret")
	c.validateServices(into)
	c.validateNeeds(into)
	c.validateFile(into)
	c.validateAddresses(into)
	c.validateRoutes(into)
	c.validateStorage(into)
	c.validateRollback(into)
	c.validatePlacement(into)
}

// validateNetworks asks for the networks that the network policies let in.
func (c *EddCloud) validateNetworks(into *collector) {
	if !c.Topology.NodeNetwork.IsValid() {
		into.prefix("topology.nodeNetwork", c.Topology.NodeNetwork)
	}
	if !c.Topology.PodNetwork.IsValid() {
		into.prefix("topology.podNetwork", c.Topology.PodNetwork)
	}
}

// validateStorage checks that the cluster has the class of each claim, that of
// a server which does not run included: its claim stays.
func (c *EddCloud) validateStorage(into *collector) {
	if !into.clean("topology.storageClasses") {
		return
	}
	c.Topology.validateClass(into, "nats.storageClass", c.NATS.StorageClass)
	for _, name := range slices.Sorted(maps.Keys(c.Postgres.Servers)) {
		c.Topology.validateClass(into, "postgres.servers["+name+"].storageClass", c.Postgres.Servers[name].StorageClass)
	}
}
