package components_test

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components"
	"platform/config"
)

func gatewayArgs() components.GatewayArgs {
	return components.GatewayArgs{
		App: app(),
		Gateway: config.Gateway{
			Build: config.Build{Image: "eddisonso/ecloud-gateway:20260215-062053"}, Replicas: 1,
			NodeSelector: map[string]string{"core-services": "true"}, Resources: config.NewResources("50m", "128Mi", "2", "2Gi"),
			Address: netip.MustParseAddr("192.168.3.200"), ComputePorts: config.PortRange{First: 8000, Last: 8999},
			ACMEEmail: "admin@eddisonso.com", SSHSecretNamespace: config.CoreNamespace,
		},
		PullSecret: "regcred", TLSSecret: "eddisonso-wildcard-tls",
		AllRoutes: []config.Route{
			{Host: "docs.cloud.eddisonso.com", Path: "/", Service: "edd-cloud-docs", Port: 80},
			{Host: "health.cloud.eddisonso.com", Path: "/sse/logs", Service: "log-service", Port: 80},
			{Host: "health.cloud.eddisonso.com", Path: "/", Service: "cluster-monitor", Port: 80},
		},
		Secrets: pulumi.StringMap{
			"postgres-credentials/DATABASE_URL": secret("database"), "edd-cloud-auth/JWT_SECRET": secret("jwt"),
		},
	}
}

func gfsArgs() components.GFSArgs {
	build := config.Build{Image: "eddisonso/ecloud-gfs:20260215-062053"}
	return components.GFSArgs{
		App: app(), PullSecret: "regcred", MasterAddress: "192.168.3.101:30900",
		Secrets: pulumi.StringMap{"gfs-jwt-secret/GFS_JWT_SECRET": secret("gfs")},
		GFS: config.GFS{
			Master: config.GFSMaster{
				Build: build, NodeSelector: map[string]string{"gfs-master": "true"}, Resources: someResources(), HostPath: "/data/gfs", NodePort: 30900,
			},
			Chunkserver: config.GFSChunkserver{
				Build: build, NodeSelector: map[string]string{"role": "chunkserver"}, Resources: someResources(), HostPath: "/data/gfs/chunkserver",
				Tolerations: []config.Toleration{{Key: "node-role.kubernetes.io/control-plane"}, {Key: "node-role.kubernetes.io/etcd"}},
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

// everythingOfCore is the part of [everything] that Edd Cloud alone has. A new
// component of it is one line here, and one in [deviations] if it is exempt
// from anything.
func everythingOfCore(opts ...pulumi.ResourceOption) map[string]program {
	return map[string]program{
		"credentials":      registering("credentials", components.NewCredentials, credentialsArgs(), opts...),
		"daemon":           registering("agent", components.NewDaemon, daemonArgs(), opts...),
		"core gateway":     registering("gateway", components.NewGateway, gatewayArgs(), opts...),
		"gfs":              registering("gfs", components.NewGFS, gfsArgs(), opts...),
		"nats":             registering("nats", components.NewNATS, natsArgs(), opts...),
		"nats cluster":     registering("nats", components.NewNATS, natsClusterArgs(), opts...),
		"image cleanup":    registering("image-cleanup", components.NewImageCleanup, imageCleanupArgs(), opts...),
		"isolation":        registering("isolation", components.NewIsolation, isolationArgs(), opts...),
		"host policy":      registering("allow-host-chunkserver", components.NewHostPolicy, hostPolicyArgs(), opts...),
		"address pools":    registering("metallb", components.NewAddressPools, addressPoolsArgs(), opts...),
		"certificate":      registering("tls", components.NewWildcardCertificate, certificateArgs(), opts...),
		"postgres servers": registering("postgres", components.NewPostgresServers, promotedArgs(), opts...),
		"postgres pair":    registering("postgres", components.NewPostgresServers, pairArgs(), opts...),
		"haproxy":          registering("haproxy", components.NewHAProxy, haproxyArgs(), opts...),
	}
}
