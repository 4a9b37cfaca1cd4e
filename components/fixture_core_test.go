package components_test

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
)

func gatewayArgs() components.GatewayArgs {
	return components.GatewayArgs{
		App: app(), Image: "eddisonso/ecloud-gateway:20260215-062053", Replicas: 1,
		NodeSelector: map[string]string{"core-services": "true"}, Resources: components.NewResources("50m", "128Mi", "2", "2Gi"),
		PullSecret: "regcred", Address: netip.MustParseAddr("192.168.3.200"), Through: components.PortRange{First: 8000, Last: 8999},
		Routes: []components.Route{
			{Host: "docs.cloud.eddisonso.com", Path: "/", Service: "edd-cloud-docs", Port: 80},
			{Host: "health.cloud.eddisonso.com", Path: "/", Service: "cluster-monitor", Port: 80},
			{Host: "health.cloud.eddisonso.com", Path: "/sse/logs", Service: "log-service", Port: 80},
		},
		TLSSecret: "eddisonso-wildcard-tls", ACMEEmail: "admin@eddisonso.com",
		Secrets: pulumi.StringMap{
			"postgres-credentials/DATABASE_URL": secret("database"), "edd-cloud-auth/JWT_SECRET": secret("jwt"),
		},
	}
}

func gfsArgs() components.GFSArgs {
	return components.GFSArgs{
		App: app(), PullSecret: "regcred", Secrets: pulumi.StringMap{"gfs-jwt-secret/GFS_JWT_SECRET": secret("gfs")},
		Master: components.GFSMaster{
			Image: "eddisonso/ecloud-gfs:20260215-062053", NodeSelector: map[string]string{"gfs-master": "true"},
			Resources: someResources(), HostPath: "/data/gfs", NodePort: 30900,
			Exempt: components.Exemption{Root: true, HostPaths: []string{"/data/gfs"}, Reason: "its data are root's"},
		},
		Chunkserver: components.GFSChunkserver{
			Image: "eddisonso/ecloud-gfs:20260215-062053", NodeSelector: map[string]string{"role": "chunkserver"},
			Resources: someResources(), HostPath: "/data/gfs/chunkserver", MasterAddress: "192.168.3.101:30900",
			Tolerations: []components.Toleration{{Key: "node-role.kubernetes.io/control-plane"}, {Key: "node-role.kubernetes.io/etcd"}},
			Exempt: components.Exemption{
				Root: true, HostNetwork: true, HostPaths: []string{"/data/gfs/chunkserver"}, Reason: "its chunks are root's",
			},
		},
	}
}

func credentialsArgs() components.CredentialsArgs {
	return components.CredentialsArgs{App: app(), Secrets: map[string]components.Credential{
		"edd-cloud-auth": {Type: "Opaque", Values: pulumi.StringMap{"JWT_SECRET": secret("jwt"), "DEFAULT_PASSWORD": secret("password")}},
		"gfs-jwt-secret": {Type: "Opaque", Values: pulumi.StringMap{"GFS_JWT_SECRET": secret("gfs")}},
	}}
}

func daemonArgs() components.DaemonArgs {
	return components.DaemonArgs{
		App: app(), Component: "agent", Pod: components.Pod{Containers: []components.Container{container()}, User: 1001},
	}
}

// starting is registering for what starts after other resources, here none.
func starting[A, C any](
	name string, construct func(*pulumi.Context, string, A, []pulumi.Resource, ...pulumi.ResourceOption) (C, error), args A, opts ...pulumi.ResourceOption,
) program {
	return func(ctx *pulumi.Context) error {
		_, err := construct(ctx, name, args, nil, opts...)
		return err
	}
}

// everythingOfCore is the part of [everything] that Edd Cloud alone has. A new
// component of it is one line here, and one in [deviations] if it is exempt
// from anything.
func everythingOfCore(opts ...pulumi.ResourceOption) map[string]program {
	return map[string]program{
		"credentials":      registering("credentials", components.NewCredentials, credentialsArgs(), opts...),
		"daemon":           starting("agent", components.NewDaemon, daemonArgs(), opts...),
		"core gateway":     starting("gateway", components.NewGateway, gatewayArgs(), opts...),
		"gfs":              starting("gfs", components.NewGFS, gfsArgs(), opts...),
		"nats":             starting("nats", components.NewNATS, natsArgs(), opts...),
		"nats cluster":     starting("nats", components.NewNATS, natsClusterArgs(), opts...),
		"image cleanup":    registerImageCleanup(imageCleanupArgs(), opts...),
		"isolation":        registering("isolation", components.NewIsolation, isolationArgs(), opts...),
		"host policy":      registering("allow-host-chunkserver", components.NewHostPolicy, hostPolicyArgs(), opts...),
		"address pools":    registering("metallb", components.NewAddressPools, addressPoolsArgs(), opts...),
		"certificate":      registering("tls", components.NewWildcardCertificate, certificateArgs(), opts...),
		"postgres servers": starting("postgres", components.NewPostgresServers, promotedArgs(), opts...),
		"postgres pair":    starting("postgres", components.NewPostgresServers, pairArgs(), opts...),
		"haproxy":          starting("haproxy", components.NewHAProxy, haproxyArgs(), opts...),
	}
}
