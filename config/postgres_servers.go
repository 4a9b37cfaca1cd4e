package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PostgresRole says what a server does.
type PostgresRole string

// The roles of a PostgreSQL server.
const (
	RolePrimary  PostgresRole = "primary"  // takes writes
	RoleReplica  PostgresRole = "replica"  // follows the one that takes writes
	RolePromoted PostgresRole = "promoted" // was a replica and takes writes since
)

// PostgresRoles lists every [PostgresRole].
var PostgresRoles = []PostgresRole{RolePrimary, RoleReplica, RolePromoted}

// PostgresServers configures the database servers. One of those that run takes
// writes; the others follow it.
type PostgresServers struct {
	Build
	Resources Resources                 `key:"resources"` // of each
	Servers   map[string]PostgresServer `key:"servers"`   // postgres and postgres-replica
	Databases []CoreDatabase            `key:"databases"` // default those of the platform's services
}

// PostgresServer configures one server. Its claim is NAME-data.
type PostgresServer struct {
	Role         PostgresRole      `key:"role"`
	Enabled      bool              `key:"enabled"` // else it has no pod and keeps its claim
	NodeSelector map[string]string `key:"nodeSelector"`
	StorageGiB   int               `key:"storageGiB"`
	StorageClass string            `key:"storageClass"`
}

// CoreDatabase is the database of one service and the one role that reaches it.
type CoreDatabase struct {
	Name   string `key:"name"`
	Role   string `key:"role"`
	Secret string `key:"secret"` // gets DATABASE_URL and PASSWORD
}

var defaultPostgresResources = NewResources("250m", "128Mi", "1", "512Mi")

// defaultDatabases are those of the services in the catalogue.
func defaultDatabases() []CoreDatabase {
	return []CoreDatabase{
		{Name: "auth_db", Role: "auth_svc", Secret: "auth-db-credentials"},
		{Name: "compute_db", Role: "compute_svc", Secret: "compute-db-credentials"},
		{Name: "sfs_db", Role: "sfs_svc", Secret: "sfs-db-credentials"},
		{Name: "notifications_db", Role: "notifications_svc", Secret: "notification-db-credentials"},
	}
}

func (p PostgresServers) validate(into *collector) {
	const key = "postgres"
	into.build(key, p.Build)
	into.resources(key+".resources", p.Resources)
	for _, name := range slices.Sorted(maps.Keys(p.Servers)) {
		at := key + ".servers[" + name + "]"
		if !slices.Contains(postgresServers, name) {
			into.add(at, oneOfThese(name, postgresServers), "%s is no name of a server: Services and claims have fixed ones", quoted(name))
		}
		p.Servers[name].validate(into, at)
	}
	p.validateWriter(into, key+".servers")
	p.validateDatabases(into, key+".databases")
}

func (s PostgresServer) validate(into *collector, key string) {
	oneOf(into, key+".role", s.Role, PostgresRoles)
	into.labels(key+".nodeSelector", s.NodeSelector)
	into.positive(key+".storageGiB", s.StorageGiB)
}

// Writes reports whether the server takes writes where it runs.
func (s PostgresServer) Writes() bool { return s.Role == RolePrimary || s.Role == RolePromoted }

// validateWriter checks that exactly one of the servers that run takes writes.
func (p PostgresServers) validateWriter(into *collector, key string) {
	if !into.clean(key) {
		return
	}
	var writers, enabled, all []string
	for _, name := range slices.Sorted(maps.Keys(p.Servers)) {
		text := fmt.Sprintf("%s (%s)", name, p.Servers[name].Role)
		all = append(all, text)
		if p.Servers[name].Enabled {
			enabled = append(enabled, text)
		}
		if p.Servers[name].Enabled && p.Servers[name].Writes() {
			writers = append(writers, text)
		}
	}
	switch {
	case len(all) == 0:
		into.add(key, "describe "+strings.Join(postgresServers, " or "), "it lists no server")
	case len(enabled) == 0:
		into.add(key, "set enabled: true on one", "none of %s is enabled", strings.Join(all, ", "))
	case len(writers) == 0:
		into.add(key, "enable one whose role is "+string(RolePrimary)+", or "+string(RolePromoted)+" where it was a replica,",
			"none of those that run takes writes, and a replica has nothing to follow: %s", strings.Join(enabled, ", "))
	case len(writers) > 1:
		into.add(key, "set enabled: false on the one that is out of use",
			"%s both take writes: each would accept rows that the other never sees, and nothing brings them together again (split brain)",
			strings.Join(writers, " and "))
	}
}

// validateDatabases checks that services share neither a database nor a role:
// each role reaches its own database alone.
func (p PostgresServers) validateDatabases(into *collector, key string) {
	names, roles, secrets := map[string]int{}, map[string]int{}, map[string]int{}
	for i, database := range p.Databases {
		at := fmt.Sprintf("%s[%d]", key, i)
		if into.identifier(at+".name", database.Name, "auth_db") && into.unreserved(at+".name", database.Name, reservedDatabases) {
			into.unique(at+".name", database.Name, key, i, names)
		}
		if into.identifier(at+".role", database.Role, "auth_svc") && into.unreserved(at+".role", database.Role, reservedRoles) {
			into.unique(at+".role", database.Role, key, i, roles)
		}
		if into.name(at+".secret", database.Secret, "a Secret such as auth-db-credentials") {
			into.unique(at+".secret", database.Secret, key, i, secrets)
		}
	}
}

func (c *collector) unreserved(key, name string, reserved []string) bool {
	if slices.Contains(reserved, name) {
		c.add(key, "choose another", "%q is the server's own", name)
		return false
	}
	return true
}
