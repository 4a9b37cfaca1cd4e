package stacks

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/certificate"
	"platform/components/gateway"
	"platform/components/gfs"
	"platform/components/metallb"
	"platform/components/namespace"
	"platform/components/nats"
	"platform/components/network"
	"platform/components/node"
	"platform/components/object"
	"platform/components/postgres"
	"platform/components/services"
	"platform/components/workload"
	"platform/config"
	"platform/stacks/secrets"
)

// eddCloudApp is the application that the Edd Cloud stacks deploy.
const eddCloudApp = "edd-cloud"

// EddCloud composes Edd Cloud: the namespace and who may enter it, then what
// holds data, then what serves, and the gateway last.
func EddCloud(ctx *pulumi.Context, cfg *config.EddCloud) error {
	if err := protect(ctx, cfg.Waivers); err != nil {
		return err
	}
	source, err := secrets.New(ctx, cfg)
	if err != nil {
		return err
	}
	cluster, err := provider(ctx, cfg.Cluster, cfg.Render, newerThanDeployed(cfg))
	if err != nil {
		return err
	}
	// Pod Security knows one level for all pods of a namespace, and some need all
	// that it can allow.
	ns, err := namespace.New(ctx, cfg.Namespace(), namespace.Args{
		Name: cfg.Namespace(), App: eddCloudApp, Environment: cfg.Environment, Owner: owner(ctx),
		PodSecurity: "privileged", Protect: cfg.Protect,
	}, cluster)
	if err != nil {
		return err
	}
	app := object.App{
		Name: eddCloudApp, Environment: cfg.Environment, Namespace: ns.Name, Selectors: selectors(cfg),
		Owner: owner(ctx), Operator: source.Operator(), Made: &object.Made{},
	}
	pools, err := eddCloudNetwork(ctx, cfg, app, cluster)
	if err != nil {
		return err
	}
	credentials, err := newCredentials(ctx, cfg, app, source, cluster)
	if err != nil {
		return err
	}
	database, err := eddCloudDatabase(ctx, cfg, app, credentials, cluster)
	if err != nil {
		return err
	}
	bus, err := nats.New(ctx, config.NATSName, nats.Args{NATS: cfg.NATS, App: app, Streams: cfg.Streams(), Protect: cfg.Protect}, cluster)
	if err != nil {
		return err
	}
	storage, err := gfs.New(ctx, "gfs", gfs.Args{
		GFS: cfg.GFS, App: app, MasterAddress: cfg.MasterAddress(), PullSecret: pullSecret,
		Secrets: credentials.read("gfs-jwt-secret/GFS_JWT_SECRET"), Protect: cfg.Protect,
	}, cluster, credentials.needed(pullSecret, "gfs-jwt-secret"))
	if err != nil {
		return err
	}
	running, err := eddCloudServices(ctx, cfg, app, credentials, database, bus.Ready, storage, cluster)
	if err != nil {
		return err
	}
	gateway, err := eddCloudGateway(ctx, cfg, app, credentials, append(database, started(running, cfg.TableMakers())...), pools, cluster)
	if err != nil {
		return err
	}
	cleanup := node.ImageCleanupArgs{ImageCleanup: cfg.ImageCleanup, App: app, Nodes: len(cfg.Topology.Nodes)}
	_, err = node.NewImageCleanup(ctx, config.ImageCleanupName, cleanup, cluster)
	export(ctx, cfg, app, "https://cloud."+cfg.Domain, config.HAProxyName, credentials.values)
	ctx.Export(OutputAddress, gateway.Address)
	return err
}

// eddCloudDatabase runs the database servers and what leads to them, and returns
// what has to be there for services to reach a database.
func eddCloudDatabase(ctx *pulumi.Context, cfg *config.EddCloud, app object.App, credentials credentials, cluster pulumi.ResourceOption) ([]pulumi.Resource, error) {
	servers, err := postgres.NewServers(ctx, "postgres", postgres.ServersArgs{
		PostgresServers: cfg.Postgres, App: app, Secrets: credentials.values, PodNetwork: cfg.Topology.PodNetwork, Protect: cfg.Protect,
		Readers: []postgres.DatabaseReader{{Database: cfg.Gateway.Database, Role: cfg.Gateway.DatabaseRole, Key: gatewayPassword}},
	}, cluster, credentials.needed(append(cfg.DatabaseSecrets(), config.PostgresSecret)...))
	if err != nil {
		return nil, err
	}
	haproxy, err := postgres.NewHAProxy(ctx, "haproxy", postgres.HAProxyArgs{
		HAProxy: cfg.HAProxy, App: app, Servers: servers.Services,
	}, cluster, pulumi.DependsOn(servers.Ready))
	if err != nil {
		return nil, err
	}
	return append(servers.Ready, haproxy.Deployment), nil
}

// eddCloudServices runs the stateless services, each after the Secrets that it
// reads, the database if one of them leads there, the bus if it consumes or makes
// a stream, and the components that it needs. It returns what runs by name.
func eddCloudServices(
	ctx *pulumi.Context, cfg *config.EddCloud, app object.App, credentials credentials,
	database, bus []pulumi.Resource, gfs *gfs.GFS, cluster pulumi.ResourceOption,
) (map[string]pulumi.Resource, error) {
	running := map[string]pulumi.Resource{config.GFSMasterName: gfs.Master, config.ChunkserverName: gfs.Chunkservers}
	for _, name := range cfg.ServicesInOrder() {
		service := cfg.Services[name]
		refs := slices.Sorted(maps.Values(service.Secrets))
		read := secretsOf(refs)
		after := started(running, service.Needs.Services)
		if slices.ContainsFunc(cfg.DatabaseSecrets(), func(secret string) bool { return slices.Contains(read, secret) }) {
			after = append(after, database...)
		}
		if len(service.Needs.Streams)+len(service.Makes.Streams) > 0 {
			after = append(after, bus...)
		}
		made, err := workload.New(ctx, name, services.CoreWorkload(app, name, service, pullSecret, credentials.read(refs...)),
			cluster, credentials.needed(append(read, pullSecret)...), pulumi.DependsOn(after))
		if err != nil {
			return nil, err
		}
		running[name] = made.Deployment
	}
	return running, nil
}

// eddCloudGateway opens the way in. Without the tables that it reads the gateway
// ends at once.
func eddCloudGateway(
	ctx *pulumi.Context, cfg *config.EddCloud, app object.App, credentials credentials, after, pools []pulumi.Resource, cluster pulumi.ResourceOption,
) (*gateway.Gateway, error) {
	refs := []string{config.PostgresSecret + "/DATABASE_URL", "edd-cloud-auth/JWT_SECRET"}
	return gateway.New(ctx, config.GatewayName, gateway.Args{
		Gateway: cfg.Gateway, App: app, AllRoutes: cfg.Routes(), PullSecret: pullSecret, TLSSecret: cfg.TLS.Secret,
		Secrets: credentials.read(refs...), Pools: pools, Protect: cfg.Protect,
	}, cluster, credentials.needed(append(secretsOf(refs), pullSecret, cfg.TLS.Secret)...), pulumi.DependsOn(after))
}

// eddCloudNetwork closes the namespace to all but itself, nodes, pods and, at
// the gateway's ports, the world, and gives MetalLB the pools that Services draw
// from. Pods on their node's own network are outside of what it closes; the host
// policy covers those. cert-manager issues what the gateway serves, unless
// somebody else keeps it.
func eddCloudNetwork(ctx *pulumi.Context, cfg *config.EddCloud, app object.App, cluster pulumi.ResourceOption) ([]pulumi.Resource, error) {
	_, err := network.NewIsolation(ctx, "isolation", network.IsolationArgs{
		App: app, Name: cfg.Namespace() + "-isolation",
		Networks: []netip.Prefix{cfg.Topology.NodeNetwork, cfg.Topology.PodNetwork},
		World:    []int{config.GatewaySSHPort, config.GatewayHTTPPort, config.GatewayHTTPSPort},
	}, cluster)
	if err != nil {
		return nil, err
	}
	_, err = network.NewHostPolicy(ctx, cfg.HostPolicy.Name, network.HostPolicyArgs{HostPolicy: cfg.HostPolicy, App: app}, cluster)
	if err != nil {
		return nil, err
	}
	if cfg.TLS.Source == config.CertificateIssued {
		_, err := certificate.NewWildcard(ctx, cfg.TLS.Secret, certificate.WildcardArgs{WildcardTLS: cfg.TLS, App: app}, cluster)
		if err != nil {
			return nil, err
		}
	}
	pools, err := metallb.NewAddressPools(ctx, "metallb", metallb.AddressPoolsArgs{
		MetalLB: cfg.MetalLB, Owner: app.Owner, Protect: cfg.Protect,
	}, cluster)
	if err != nil {
		return nil, err
	}
	return pools.Resources, nil
}

// selectors are those that the Deployments of the cluster have had from the
// start: app, and for some a second label.
func selectors(cfg *config.EddCloud) map[string]map[string]string {
	frozen := map[string]map[string]string{}
	for name := range cfg.Images() {
		frozen[name] = map[string]string{"app": name}
	}
	for name, service := range cfg.Services {
		frozen[name] = map[string]string{"app": cmp.Or(service.App, name)}
		maps.Copy(frozen[name], service.Labels)
	}
	return frozen
}

// started are the components of these names.
func started(running map[string]pulumi.Resource, names []string) []pulumi.Resource {
	var found []pulumi.Resource
	for _, name := range names {
		found = append(found, running[name])
	}
	return found
}

// secretsOf are the Secrets of SECRET/KEY references.
func secretsOf(refs []string) []string {
	var names []string
	for _, ref := range refs {
		secret, _, _ := strings.Cut(ref, "/")
		names = append(names, secret)
	}
	return names
}
