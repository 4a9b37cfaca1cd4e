package components_test

import (
	"net/netip"

	"platform/components"
)

// promotedArgs are the seed's: the replica of old takes writes, and the
// primary is switched off.
func promotedArgs() components.PostgresServersArgs {
	server := components.PostgresInstance{StorageGiB: 5, StorageClass: "local-path"}
	old, promoted := server, server
	old.Name, old.Role, old.NodeSelector = "postgres", "replica", map[string]string{"core-services": "true"}
	promoted.Name, promoted.Role, promoted.NodeSelector = "postgres-replica", "promoted", map[string]string{"db-role": "replica"}
	promoted.Enabled = true
	return components.PostgresServersArgs{
		App: app(), Image: "postgres:16-alpine", Resources: components.NewResources("250m", "128Mi", "1", "512Mi"),
		Servers: []components.PostgresInstance{old, promoted},
		Databases: []components.RoleDatabase{
			{Name: "auth_db", Role: "auth_svc", Secret: "auth-db-credentials", Password: secret("auth")},
			{Name: "compute_db", Role: "compute_svc", Secret: "compute-db-credentials", Password: secret("compute")},
		},
		Readers: []components.DatabaseReader{{
			Database: "compute_db", Role: "gateway_svc", Secret: "postgres-credentials", Key: "GATEWAY_PASSWORD", Password: secret("gateway"),
		}},
		Password: secret("admin"), ReplicationPassword: secret("replication"),
		PodNetwork: netip.MustParsePrefix("10.42.0.0/16"),
	}
}

// pairArgs are those of a primary with a real replica.
func pairArgs() components.PostgresServersArgs {
	args := promotedArgs()
	args.Servers[0].Role, args.Servers[0].Enabled = "primary", true
	args.Servers[1].Role = "replica"
	return args
}

func haproxyArgs() components.HAProxyArgs {
	return components.HAProxyArgs{
		App: app(), Image: "haproxy:2.9-alpine", Resources: components.NewResources("100m", "32Mi", "500m", "128Mi"),
		NodeSelector: map[string]string{"db-role": "replica"}, Servers: []string{"postgres", "postgres-replica"},
	}
}
