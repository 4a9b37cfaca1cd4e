package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

// postgres runs the database servers and makes the databases of the services.
func (c *core) postgres(ctx *pulumi.Context) error {
	cfg, credentials := c.cfg.Postgres, c.values[databaseSecret]
	args := components.PostgresServersArgs{
		App: c.app, Image: cfg.Image, Resources: resources(cfg.Resources), PodNetwork: c.cfg.Topology.PodNetwork,
		Password: credentials["POSTGRES_PASSWORD"], ReplicationPassword: credentials["REPLICATION_PASSWORD"],
		Protect: c.cfg.Protect,
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Servers)) {
		server := cfg.Servers[name]
		args.Servers = append(args.Servers, components.PostgresInstance{
			Name: name, Role: string(server.Role), Enabled: server.Enabled, NodeSelector: server.NodeSelector,
			StorageGiB: server.StorageGiB, StorageClass: server.StorageClass,
		})
	}
	secrets := []string{databaseSecret}
	for _, database := range cfg.Databases {
		secrets = append(secrets, database.Secret)
		args.Databases = append(args.Databases, components.RoleDatabase{
			Name: database.Name, Role: database.Role, Secret: database.Secret, Password: c.values[database.Secret]["PASSWORD"],
		})
	}
	args.Readers = []components.DatabaseReader{{
		Database: c.cfg.Gateway.Database, Role: c.cfg.Gateway.DatabaseRole,
		Secret: databaseSecret, Key: gatewayPassword, Password: credentials[gatewayPassword],
	}}
	servers, err := components.NewPostgresServers(ctx, "postgres", args, c.needs(secrets...), c.cluster)
	if err != nil {
		return err
	}
	c.database, c.servers = servers.Ready, servers.Services
	return nil
}

// haproxy is what services reach the database through.
func (c *core) haproxy(ctx *pulumi.Context) error {
	cfg := c.cfg.HAProxy
	proxy, err := components.NewHAProxy(ctx, "haproxy", components.HAProxyArgs{
		App: c.app, Image: cfg.Image, Resources: resources(cfg.Resources), NodeSelector: cfg.NodeSelector,
		Servers: c.servers,
	}, c.database, c.cluster)
	if err != nil {
		return err
	}
	c.database = append(c.database, proxy.Deployment)
	return nil
}

func (c *core) nats(ctx *pulumi.Context) error {
	cfg := c.cfg.NATS
	var streams []components.Stream
	for _, stream := range c.cfg.Streams() {
		streams = append(streams, components.Stream{
			Name: stream.Name, Subjects: stream.Subjects, Age: stream.Retention, Messages: config.StreamMessages, MiB: stream.ReservedMiB,
		})
	}
	bus, err := components.NewNATS(ctx, "nats", components.NATSArgs{
		App: c.app, Image: cfg.Image, Replicas: cfg.Replicas, NodeSelector: cfg.NodeSelector, Resources: resources(cfg.Resources),
		StorageGiB: cfg.StorageGiB, StorageClass: cfg.StorageClass, MemoryMiB: cfg.MemoryMiB, FileMiB: cfg.FileMiB,
		LameDuck: cfg.LameDuckDrain, Streams: streams, Exempt: c.exempt["nats"], Protect: c.cfg.Protect,
	}, nil, c.cluster)
	if err != nil {
		return err
	}
	c.bus = bus.Ready
	return nil
}

func (c *core) gfs(ctx *pulumi.Context) error {
	master, chunks := c.cfg.GFS.Master, c.cfg.GFS.Chunkserver
	gfs, err := components.NewGFS(ctx, "gfs", components.GFSArgs{
		App: c.app, PullSecret: pullSecret, Secrets: c.read("gfs-jwt-secret/GFS_JWT_SECRET"), Protect: c.cfg.Protect,
		Master: components.GFSMaster{
			Image: master.Image, NodeSelector: master.NodeSelector, Resources: resources(master.Resources),
			HostPath: master.HostPath, NodePort: master.NodePort, Exempt: c.exempt["gfs-master"],
		},
		Chunkserver: components.GFSChunkserver{
			Image: chunks.Image, NodeSelector: chunks.NodeSelector, Resources: resources(chunks.Resources),
			HostPath: chunks.HostPath, Tolerations: tolerations(chunks.Tolerations), MasterAddress: c.cfg.MasterAddress(),
			Exempt: c.exempt["gfs-chunkserver"],
		},
	}, c.needs(pullSecret, "gfs-jwt-secret"), c.cluster)
	if err != nil {
		return err
	}
	c.running = map[string]pulumi.Resource{components.GFSMasterName: gfs.Master, components.ChunkserverName: gfs.Chunkservers}
	return nil
}

func tolerations(taints []config.Toleration) []components.Toleration {
	var all []components.Toleration
	for _, taint := range taints {
		all = append(all, components.Toleration{Key: taint.Key, Effect: taint.Effect})
	}
	return all
}

func (c *core) imageCleanup(ctx *pulumi.Context) error {
	cfg := c.cfg.ImageCleanup
	return components.NewImageCleanup(ctx, "image-cleanup", components.ImageCleanupArgs{
		App: c.app, Image: cfg.Image, Schedule: cfg.Schedule, Resources: resources(cfg.Resources),
		Nodes: len(c.cfg.Topology.Nodes), Exempt: c.exempt["image-cleanup"],
	}, c.cluster)
}
