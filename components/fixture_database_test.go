package components_test

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"platform/components/postgres"
	"platform/config"
)

// promotedArgs are those of the real platform: the replica of old takes writes,
// and the primary is switched off.
func promotedArgs() postgres.ServersArgs {
	server := config.PostgresServer{StorageGiB: 5, StorageClass: "local-path"}
	old, promoted := server, server
	old.Role, old.NodeSelector = config.RoleReplica, map[string]string{"core-services": "true"}
	promoted.Role, promoted.NodeSelector, promoted.Enabled = config.RolePromoted, map[string]string{"db-role": "replica"}, true
	return postgres.ServersArgs{
		App: app(),
		PostgresServers: config.PostgresServers{
			Build: config.Build{Image: "postgres:16-alpine"}, Resources: config.NewResources("250m", "128Mi", "1", "512Mi"),
			Servers: map[string]config.PostgresServer{"postgres": old, "postgres-replica": promoted},
			Databases: []config.CoreDatabase{
				{Name: "auth_db", Role: "auth_svc", Secret: "auth-db-credentials"},
				{Name: "compute_db", Role: "compute_svc", Secret: "compute-db-credentials"},
			},
		},
		Readers: []postgres.DatabaseReader{{Database: "compute_db", Role: "gateway_svc", Key: "GATEWAY_PASSWORD"}},
		Secrets: map[string]pulumi.StringMap{
			"postgres-credentials": {
				"POSTGRES_PASSWORD": secretValue("admin"), "REPLICATION_PASSWORD": secretValue("replication"), "GATEWAY_PASSWORD": secretValue("gateway"),
			},
			"auth-db-credentials":    {"PASSWORD": secretValue("auth")},
			"compute-db-credentials": {"PASSWORD": secretValue("compute")},
		},
		PodNetwork: netip.MustParsePrefix("10.42.0.0/16"),
	}
}

// with changes one of the servers.
func with(args *postgres.ServersArgs, name string, change func(*config.PostgresServer)) {
	server := args.Servers[name]
	change(&server)
	args.Servers[name] = server
}

// turn switches one of the servers on or off, and gives it a role.
func turn(args *postgres.ServersArgs, name string, enabled bool, role config.PostgresRole) {
	with(args, name, func(s *config.PostgresServer) { s.Enabled, s.Role = enabled, role })
}

// pairArgs are those of a primary with a real replica.
func pairArgs() postgres.ServersArgs {
	args := promotedArgs()
	turn(&args, "postgres", true, config.RolePrimary)
	turn(&args, "postgres-replica", true, config.RoleReplica)
	return args
}

func haproxyArgs() postgres.HAProxyArgs {
	return postgres.HAProxyArgs{App: app(), Servers: []string{"postgres", "postgres-replica"}, HAProxy: config.HAProxy{
		Build: config.Build{Image: "haproxy:2.9-alpine"}, Resources: config.NewResources("100m", "32Mi", "500m", "128Mi"),
		NodeSelector: map[string]string{"db-role": "replica"},
	}}
}
