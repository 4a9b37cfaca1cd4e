package stacks

import (
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// worldPorts are those of the gateway's containers that clients anywhere may
// reach: SSH, HTTP and HTTPS.
var worldPorts = []int{components.GatewaySSHPort, components.GatewayHTTPPort, components.GatewayHTTPSPort}

// network closes the namespace to all but itself, nodes, pods and, at the
// gateway's ports, the world. Pods on their node's own network are outside of
// what it closes; the host policy covers those.
func (c *core) network(ctx *pulumi.Context) error {
	topology := c.cfg.Topology
	_, err := components.NewIsolation(ctx, "isolation", components.IsolationArgs{
		App: c.app, Name: c.cfg.Namespace() + "-isolation",
		Networks: []netip.Prefix{topology.NodeNetwork, topology.PodNetwork}, World: worldPorts,
	}, c.cluster)
	if err != nil {
		return err
	}
	host := c.cfg.HostPolicy
	_, err = components.NewHostPolicy(ctx, host.Name, components.HostPolicyArgs{
		App: c.app, Name: host.Name, Order: host.Order,
		Ports: [][]int{{components.ChunkserverPort, components.ChunkserverReplicationPort}, host.Ports},
	}, c.cluster)
	return err
}

// addresses gives MetalLB the pools that Services draw from.
func (c *core) addresses(ctx *pulumi.Context) error {
	cfg := c.cfg.MetalLB
	args := components.AddressPoolsArgs{
		Namespace: cfg.Namespace, Advertisement: cfg.Advertisement, Owner: c.app.Owner, Protect: c.cfg.Protect,
	}
	for _, pool := range cfg.Pools {
		args.Pools = append(args.Pools, components.AddressPool{Name: pool.Name, Addresses: pool.Addresses})
	}
	pools, err := components.NewAddressPools(ctx, "metallb", args, c.cluster)
	if err != nil {
		return err
	}
	c.pools = pools.Resources
	return nil
}

// gateway is the way in, and so the last to stand.
func (c *core) gateway(ctx *pulumi.Context) error {
	cfg := c.cfg.Gateway
	args := components.GatewayArgs{
		App: c.app, Image: cfg.Image, Replicas: cfg.Replicas, NodeSelector: cfg.NodeSelector, Resources: resources(cfg.Resources),
		PullSecret: pullSecret, Address: cfg.Address, Through: components.PortRange(cfg.ComputePorts),
		TLSSecret: c.cfg.TLS.Secret, ACMEEmail: cfg.ACMEEmail, Protect: c.cfg.Protect,
		Pools: c.pools, Secrets: c.read(databaseSecret+"/DATABASE_URL", "edd-cloud-auth/JWT_SECRET"),
	}
	if cfg.SSHSecretNamespace != c.cfg.Namespace() {
		args.KeyNamespace = cfg.SSHSecretNamespace
	}
	for _, route := range c.cfg.Routes() {
		args.Routes = append(args.Routes, components.Route{
			Host: route.Host, Path: route.Path, Service: route.Service, Port: route.Port, StripPrefix: route.StripPrefix,
		})
	}
	// Without the tables that it reads the gateway ends at once.
	after := slices.Concat(c.needs(pullSecret, databaseSecret, "edd-cloud-auth", c.cfg.TLS.Secret), c.database, c.started(c.cfg.TableMakers()...))
	_, err := components.NewGateway(ctx, "gateway", args, after, c.cluster)
	return err
}

// certificate has cert-manager issue what the gateway serves, unless somebody
// else keeps it.
func (c *core) certificate(ctx *pulumi.Context) error {
	cfg := c.cfg.TLS
	if cfg.Source != config.CertificateIssued {
		return nil
	}
	_, err := components.NewWildcardCertificate(ctx, cfg.Secret, components.CertificateArgs{
		App: c.app, Secret: cfg.Secret, Hosts: cfg.Hosts, Issuer: cfg.Issuer, Email: cfg.Email,
	}, c.cluster)
	return err
}
