package engine

import (
	"fmt"
	"maps"
	"slices"

	"platform/config"
)

// database is the server of a stack that takes writes.
type database struct {
	component string // its pods
	superuser string
	name      string // of the stack's database there
}

// The superusers that the components make the servers with.
const (
	epflSuperuser     = "postgres"
	eddCloudSuperuser = "eddcloud" // and the name of its database
)

// database finds it in the configuration.
func (s *Session) database() (database, error) {
	switch cfg := s.Config.(type) {
	case *config.EPFL:
		if cfg.Postgres.Mode == config.PostgresManaged {
			return database{}, fmt.Errorf("%s:postgres.mode (stack %s): the database is %s, so no pod here runs it; connect to %s with a client of your own",
				config.Namespace, s.Stack, cfg.Postgres.Mode, cfg.Postgres.Managed.Host)
		}
		return database{"postgres", epflSuperuser, cfg.Postgres.Database}, nil
	case *config.EddCloud:
		for _, name := range slices.Sorted(maps.Keys(cfg.Postgres.Servers)) {
			if server := cfg.Postgres.Servers[name]; server.Enabled && server.Role != config.RoleReplica {
				return database{name, eddCloudSuperuser, eddCloudSuperuser}, nil
			}
		}
	}
	return database{}, fmt.Errorf("%s:postgres.servers (stack %s): none that runs takes writes", config.Namespace, s.Stack)
}
