package components_test

import (
	"maps"
	"net/netip"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/postgres"
	"platform/config"
)

type servers = postgres.ServersArgs

func TestPostgresServersRegisterWhatTheyNeed(t *testing.T) {
	for name, args := range map[string]servers{"promoted": promotedArgs(), "pair": pairArgs()} {
		t.Run(name, func(t *testing.T) {
			resources := run(t, registering("postgres", postgres.NewServers, args))
			assert.ElementsMatch(t, []string{
				"ConfigMap postgres", "PersistentVolumeClaim postgres", "ServiceAccount postgres", "Deployment postgres",
				"ConfigMap postgres-replica", "PersistentVolumeClaim postgres-replica", "ServiceAccount postgres-replica", "Deployment postgres-replica",
				"Service postgres", "Service postgres-replica", "ConfigMap postgres-init", "ServiceAccount postgres-init", "Job postgres-init",
			}, resources.names())
			requireClosed(t, resources)
		})
	}
}

// What clients know is two Services. Which server is behind them, the roles say.
func TestPostgresServicesFollowTheRoles(t *testing.T) {
	alone := promotedArgs()
	delete(alone.Servers, "postgres")
	swapped := pairArgs()
	turn(&swapped, "postgres", true, config.RoleReplica)
	turn(&swapped, "postgres-replica", true, config.RolePromoted)
	for name, tc := range map[string]struct {
		args           servers
		writer, reader string
		services       []string
	}{
		"promoted replica":      {promotedArgs(), "postgres-replica", "postgres-replica", []string{"postgres"}},
		"alone":                 {alone, "postgres-replica", "postgres-replica", []string{"postgres"}},
		"primary and replica":   {pairArgs(), "postgres", "postgres-replica", []string{"postgres", "postgres-replica"}},
		"promoted and follower": {swapped, "postgres-replica", "postgres", []string{"postgres", "postgres-replica"}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.args.App.Selectors = map[string]map[string]string{"postgres": {"app": "postgres"}, "postgres-replica": {"app": "postgres-replica"}}
			resources := run(t, func(ctx *pulumi.Context) error {
				made, err := postgres.NewServers(ctx, "postgres", tc.args)
				if err == nil {
					assert.Equal(t, tc.services, made.Services)
					assert.Len(t, made.Ready, 2, "the writer and the Job")
				}
				return err
			})
			for service, server := range map[string]string{"postgres": tc.writer, "postgres-replica": tc.reader} {
				inputs := resources.one(t, "Service", service).Inputs
				assert.Equal(t, service, dig(inputs, "metadata", "name"))
				assert.Equal(t, map[string]any{"app": server}, dig(inputs, "spec", "selector"), service)
				assert.Equal(t, 5432.0, dig(inputs, "spec", "ports", 0, "port"))
			}
		})
	}
}

func TestPostgresServersKeepTheirData(t *testing.T) {
	for _, protect := range []bool{true, false} {
		args := promotedArgs()
		args.Protect = protect
		resources := run(t, registering("postgres", postgres.NewServers, args))
		for _, name := range []string{"postgres", "postgres-replica"} {
			claim := resources.one(t, "PersistentVolumeClaim", name)
			assert.Equal(t, name+"-data", dig(claim.Inputs, "metadata", "name"))
			assert.Equal(t, "5Gi", dig(claim.Inputs, "spec", "resources", "requests", "storage"))
			assert.Equal(t, "local-path", dig(claim.Inputs, "spec", "storageClassName"))
			assert.Equal(t, protect, claim.Protect, name)
			assert.Equal(t, protect, claim.RetainOnDelete, name)
			for _, volume := range list(resources.pod(t, "Deployment", name), "spec", "volumes") {
				if dig(volume, "name") == "data" {
					assert.Equal(t, name+"-data", dig(volume, "persistentVolumeClaim", "claimName"))
				}
			}
		}
	}
}

func TestPostgresServersRunAsTheyAreEnabled(t *testing.T) {
	resources := run(t, registering("postgres", postgres.NewServers, promotedArgs()))
	for name, want := range map[string]struct {
		replicas float64
		node     map[string]any
	}{
		"postgres": {0, map[string]any{"core-services": "true"}}, "postgres-replica": {1, map[string]any{"db-role": "replica"}},
	} {
		inputs := resources.one(t, "Deployment", name).Inputs
		assert.Equal(t, name, dig(inputs, "metadata", "name"))
		assert.Equal(t, want.replicas, dig(inputs, "spec", "replicas"), name)
		assert.Equal(t, want.node, dig(inputs, "spec", "template", "spec", "nodeSelector"))
		assert.Equal(t, "Recreate", dig(inputs, "spec", "strategy", "type"), "two pods on one volume would destroy it")
		assert.Equal(t, 120.0, dig(inputs, "spec", "template", "spec", "terminationGracePeriodSeconds"))
	}
}

// A server is promoted once the one before it is told to stop; a standby logs
// in as a role that the Job makes.
func TestPostgresServersStartInOrder(t *testing.T) {
	promoted := run(t, registering("postgres", postgres.NewServers, promotedArgs()))
	assert.True(t, dependsOn(promoted.one(t, "Job"), "Deployment", "postgres"), "the one that is switched off")
	assert.False(t, dependsOn(promoted.one(t, "Job"), "Deployment", "postgres-replica"), "it waits in its pod, so that it starts beside the server")
	pair := run(t, registering("postgres", postgres.NewServers, pairArgs()))
	assert.True(t, dependsOn(pair.one(t, "Deployment", "postgres-replica"), "Job", "postgres-init"))
	assert.False(t, dependsOn(pair.one(t, "Deployment", "postgres"), "Job", "postgres-init"))
	assert.False(t, dependsOn(pair.one(t, "Job"), "Deployment", "postgres"))
}

func TestPostgresServersReadTheirPasswordsFromSecrets(t *testing.T) {
	resources := run(t, registering("postgres", postgres.NewServers, pairArgs()))
	for _, name := range []string{"postgres", "postgres-replica"} {
		pod := containers(resources.pod(t, "Deployment", name))
		assert.Equal(t, map[string]any{
			"POSTGRES_USER": "postgres-credentials/POSTGRES_USER", "POSTGRES_PASSWORD": "postgres-credentials/POSTGRES_PASSWORD",
			"POSTGRES_DB": "postgres-credentials/POSTGRES_DB", "POSTGRES_INITDB_ARGS": "--data-checksums",
			"REPLICATION_PASSWORD": "postgres-credentials/REPLICATION_PASSWORD",
		}, environment(pod["postgres"]), "with PGPASSWORD, probes would try it")
		assert.Empty(t, list(pod["postgres"], "envFrom"))
		assert.Equal(t, map[string]any{
			"PGHOST": "postgres", "PGUSER": "replicator", "PGPASSWORD": "postgres-credentials/REPLICATION_PASSWORD",
		}, environment(pod["prepare"]))
	}
}

func TestPostgresServersStartAsTheirImageDoes(t *testing.T) {
	pod := run(t, registering("postgres", postgres.NewServers, promotedArgs())).pod(t, "Deployment", "postgres-replica")
	server := containers(pod)["postgres"]
	assert.Contains(t, dig(server, "command", 2), `exec docker-entrypoint.sh "$@"`, "the shell is gone, and signals reach the server")
	assert.Equal(t, []any{
		"-c", "config_file=/etc/postgresql/postgresql.conf", "-c", "hba_file=/etc/postgresql/pg_hba.conf",
		"-c", "primary_conninfo=host=postgres port=5432 user=replicator", "-c", "primary_slot_name=",
	}, dig(server, "args"))
	assert.Equal(t, 70.0, dig(pod, "spec", "securityContext", "runAsUser"))
	for volume, want := range map[string]string{
		"data": "/var/lib/postgresql/data", "config": "/etc/postgresql", "run": "/var/run/postgresql", "tmp": "/tmp", "shm": "/dev/shm",
	} {
		assert.Equal(t, want, mountOf(server, volume))
		assert.Equal(t, want, mountOf(containers(pod)["prepare"], volume))
	}
}

func TestPostgresServersAreAskedOverTCP(t *testing.T) {
	server := containers(run(t, registering("postgres", postgres.NewServers, promotedArgs())).pod(t, "Deployment", "postgres-replica"))["postgres"]
	ask := []any{"pg_isready", "-q", "-h", "127.0.0.1", "-U", "eddcloud"}
	assert.Equal(t, ask, dig(server, "readinessProbe", "exec", "command"))
	assert.Equal(t, ask, dig(server, "startupProbe", "exec", "command"))
	assert.NotEqual(t, ask, dig(server, "livenessProbe", "exec", "command"), "a server that replays its log is no dead one")
	seconds := dig(server, "startupProbe", "periodSeconds").(float64) * dig(server, "startupProbe", "failureThreshold").(float64)
	assert.GreaterOrEqual(t, seconds, 600.0, "the log is replayed after a crash")
}

// A standby that stops to be promoted would miss what the server before it
// still sends.
func TestPostgresServersRestartFor(t *testing.T) {
	template := func(mutate func(*servers)) any {
		args := pairArgs()
		mutate(&args)
		return run(t, registering("postgres", postgres.NewServers, args)).pod(t, "Deployment", "postgres-replica")
	}
	before := template(func(*servers) {})
	for what, tc := range map[string]struct {
		mutate func(*servers)
		again  bool
	}{
		"nothing": {func(*servers) {}, false},
		"a promotion": {func(a *servers) {
			turn(a, "postgres", false, config.RoleReplica)
			turn(a, "postgres-replica", true, config.RolePromoted)
		}, false},
		"the superuser's password": {func(a *servers) { a.Secrets["postgres-credentials"]["POSTGRES_PASSWORD"] = secretValue("other") }, false},
		"a role's password":        {func(a *servers) { a.Secrets["auth-db-credentials"]["PASSWORD"] = secretValue("other") }, false},
		"the replication password": {func(a *servers) { a.Secrets["postgres-credentials"]["REPLICATION_PASSWORD"] = secretValue("other") }, true},
		"more storage":             {func(a *servers) { with(a, "postgres-replica", func(s *config.PostgresServer) { s.StorageGiB = 10 }) }, false},
		"more memory":              {func(a *servers) { a.Resources = config.NewResources("250m", "128Mi", "1", "1Gi") }, true},
		"other log-ins":            {func(a *servers) { a.PodNetwork = netip.MustParsePrefix("10.43.0.0/16") }, true},
		"a new version":            {func(a *servers) { a.Image = "postgres:16.4-alpine" }, true},
	} {
		t.Run(what, func(t *testing.T) { assert.Equal(t, tc.again, !assert.ObjectsAreEqual(before, template(tc.mutate))) })
	}
}

func TestPostgresServersKnowTheirRole(t *testing.T) {
	resources := run(t, registering("postgres", postgres.NewServers, promotedArgs()))
	for name, role := range map[string]string{"postgres": "replica", "postgres-replica": "promoted"} {
		files := dig(resources.one(t, "ConfigMap", name).Inputs, "data").(map[string]any)
		assert.Equal(t, []string{"pg_hba.conf", "postgresql.conf", "role"}, slices.Sorted(maps.Keys(files)))
		assert.Equal(t, role, files["role"])
		require.Contains(t, dig(containers(resources.pod(t, "Deployment", name))["prepare"], "command", 2), `"$(cat /etc/postgresql/role)"`)
	}
}
