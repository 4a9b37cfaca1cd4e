package config

import (
	"maps"
	"slices"
)

// exampleDomain is the domain that Edd Cloud lies under today.
const exampleDomain = "eddisonso.com"

// Validate judges the whole tree, defaults included, and returns every fault
// at once. It expects defaults to be filled in, as [Parse] does.
func (c *EddCloud) Validate(stack string) Faults { return judge(c, stack) }

// validate judges the parts first. The rules across parts come last, since
// they are silent about parts that are at fault themselves.
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

// runs checks what every component states: its image and what that was built
// for, its resources and its nodes.
func (c *collector) runs(key string, b Build, r Resources, selector map[string]string) {
	c.build(key, b)
	c.resources(key+".resources", r)
	c.labels(key+".nodeSelector", selector)
}
