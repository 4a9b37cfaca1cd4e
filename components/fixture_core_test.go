package components_test

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/certificate"
	"platform/components/gateway"
	"platform/components/gfs"
	"platform/components/metallb"
	"platform/components/nats"
	"platform/components/network"
	"platform/components/node"
	"platform/components/pod"
	"platform/components/postgres"
	"platform/components/secret"
	"platform/components/workload"
	"platform/config"
)

func gatewayArgs() gateway.Args {
	return gateway.Args{
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
			"postgres-credentials/DATABASE_URL": secretValue("database"), "edd-cloud-auth/JWT_SECRET": secretValue("jwt"),
		},
	}
}

func gfsArgs() gfs.Args {
	build := config.Build{Image: "eddisonso/ecloud-gfs:20260215-062053"}
	return gfs.Args{
		App: app(), PullSecret: "regcred", MasterAddress: "192.168.3.101:30900",
		Secrets: pulumi.StringMap{"gfs-jwt-secret/GFS_JWT_SECRET": secretValue("gfs")},
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

func credentialsArgs() secret.CredentialsArgs {
	return secret.CredentialsArgs{App: app(), Secrets: map[string]secret.Credential{
		"edd-cloud-auth": {Type: "Opaque", Values: pulumi.StringMap{"JWT_SECRET": secretValue("jwt"), "DEFAULT_PASSWORD": secretValue("password")}},
		"gfs-jwt-secret": {Type: "Opaque", Values: pulumi.StringMap{"GFS_JWT_SECRET": secretValue("gfs")}},
	}}
}

func daemonArgs() workload.DaemonArgs {
	return workload.DaemonArgs{
		App: app(), Component: "agent", Pod: pod.Pod{Containers: []pod.Container{container()}, User: 1001},
	}
}

// everythingOfCore is the part of [everything] that Edd Cloud alone has. A new
// component of it is one line here, and one in [deviations] if it is exempt
// from anything.
func everythingOfCore(opts ...pulumi.ResourceOption) map[string]program {
	return map[string]program{
		"credentials":      registering("credentials", secret.NewCredentials, credentialsArgs(), opts...),
		"daemon":           registering("agent", workload.NewDaemon, daemonArgs(), opts...),
		"core gateway":     registering("gateway", gateway.New, gatewayArgs(), opts...),
		"gfs":              registering("gfs", gfs.New, gfsArgs(), opts...),
		"nats":             registering("nats", nats.New, natsArgs(), opts...),
		"nats cluster":     registering("nats", nats.New, natsClusterArgs(), opts...),
		"image cleanup":    registering("image-cleanup", node.NewImageCleanup, imageCleanupArgs(), opts...),
		"isolation":        registering("isolation", network.NewIsolation, isolationArgs(), opts...),
		"host policy":      registering("allow-host-chunkserver", network.NewHostPolicy, hostPolicyArgs(), opts...),
		"address pools":    registering("metallb", metallb.NewAddressPools, addressPoolsArgs(), opts...),
		"certificate":      registering("tls", certificate.NewWildcard, certificateArgs(), opts...),
		"postgres servers": registering("postgres", postgres.NewServers, promotedArgs(), opts...),
		"postgres pair":    registering("postgres", postgres.NewServers, pairArgs(), opts...),
		"haproxy":          registering("haproxy", postgres.NewHAProxy, haproxyArgs(), opts...),
	}
}
