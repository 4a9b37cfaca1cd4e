package components_test

import (
	"path"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/postgres"
	"platform/config"
)

func TestPostgresRegistersWhatItNeeds(t *testing.T) {
	args := postgresArgs()
	server := []string{
		"Secret postgres-credentials", "ServiceAccount postgres", "PersistentVolumeClaim postgres",
		"Service postgres", "Service postgres-headless", "StatefulSet postgres",
		"ConfigMap postgres-init", "ServiceAccount postgres-init", "Job postgres-init",
	}
	backup := []string{"ServiceAccount db-dump", "PersistentVolumeClaim db-dump", "CronJob db-dump"}
	assert.ElementsMatch(t, append(backup, server...), run(t, registering("postgres", postgres.New, args)).names())
	args.Backup = config.Backup{}
	assert.ElementsMatch(t, server, run(t, registering("postgres", postgres.New, args)).names())
}

// A managed server is a connection and nothing that this program runs.
func TestManagedPostgresRunsNothing(t *testing.T) {
	resources := run(t, registering("postgres", postgres.New, managedArgs()))
	assert.Equal(t, []string{"Secret postgres-connection"}, resources.names())
}

func TestPostgresLooksTheSameToWhatUsesIt(t *testing.T) {
	for name, tc := range map[string]struct {
		args  postgres.Args
		want  postgres.Database
		ready int
	}{
		"server":  {postgresArgs(), postgres.Database{Host: "postgres-service", Port: 5432}, 2},
		"managed": {managedArgs(), postgres.Database{Host: "db.epfl.ch", Port: 5432, SSLMode: "verify-full"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tc.want.Name, tc.want.User, tc.want.Password = "co2calculator", "co2calculator", secretValue("database")
			run(t, func(ctx *pulumi.Context) error {
				database, err := postgres.New(ctx, "postgres", tc.args)
				if err != nil {
					return err
				}
				assert.Equal(t, tc.want, database.Database)
				assert.Len(t, database.Ready, tc.ready)
				return nil
			})
		})
	}
}

func TestPostgresKeepsItsDataOnTheClaim(t *testing.T) {
	resources := run(t, protectedPostgres(true))
	set := resources.one(t, "StatefulSet")
	pod := resources.pod(t, "StatefulSet")
	server := containers(pod)["postgres"]
	data, mount := environment(server)["PGDATA"].(string), mountOf(server, "data").(string)
	assert.True(t, strings.HasPrefix(data, mount+"/"), "initdb refuses a mount's root that is not empty")
	assert.NotEqual(t, path.Clean(mount), path.Clean(data))
	for _, volume := range list(pod, "spec", "volumes") {
		if dig(volume, "name") == "data" {
			assert.Equal(t, "postgres-pvc", dig(volume, "persistentVolumeClaim", "claimName"))
		}
	}
	assert.Nil(t, dig(set.Inputs, "spec", "volumeClaimTemplates"), "they would name the claim data-postgres-0")
	assert.Equal(t, 1.0, dig(set.Inputs, "spec", "replicas"))
	assert.True(t, set.Protect)
	assert.True(t, set.RetainOnDelete)
	assert.False(t, run(t, protectedPostgres(false)).one(t, "StatefulSet").Protect)
	assert.Equal(t, "postgres", dig(set.Inputs, "metadata", "name"), "runbooks enter postgres-0")
	headless := resources.one(t, "Service", "postgres-headless")
	assert.Equal(t, dig(headless.Inputs, "metadata", "name"), dig(set.Inputs, "spec", "serviceName"))
	assert.Equal(t, "None", dig(headless.Inputs, "spec", "clusterIP"))
}

func TestPostgresIsSizedToItsLimit(t *testing.T) {
	server := containers(run(t, registering("postgres", postgres.New, postgresArgs())).pod(t, "StatefulSet"))["postgres"]
	assert.Equal(t, []any{"postgres", "-c", "shared_buffers=1024MB", "-c", "effective_cache_size=3072MB"}, dig(server, "args"))
	assert.Nil(t, dig(server, "command"), "the image's start script makes a new volume usable")
}

func TestPostgresReadsItsPasswordFromTheSecret(t *testing.T) {
	server := containers(run(t, registering("postgres", postgres.New, postgresArgs())).pod(t, "StatefulSet"))["postgres"]
	variables := environment(server)
	assert.Equal(t, "postgres-credentials/admin-password", variables["POSTGRES_PASSWORD"])
	assert.Contains(t, variables["POSTGRES_INITDB_ARGS"], "--auth-host=scram-sha-256")
	assert.NotContains(t, variables, "POSTGRES_HOST_AUTH_METHOD")
}

func TestPostgresRunsAsItsImageDoes(t *testing.T) {
	for image, want := range map[string]float64{"postgres:16-alpine": 70, "postgres:16": 999, "postgres:16-bookworm": 999} {
		args := postgresArgs()
		args.Image = image
		resources := run(t, registering("postgres", postgres.New, args))
		for name, pod := range resources.pods() {
			assert.Equal(t, want, dig(pod, "spec", "securityContext", "runAsUser"), "%s of %s", name, image)
		}
	}
}

// A socket answers while the image still sets up a new volume; TCP does not.
func TestPostgresIsAskedOverTCP(t *testing.T) {
	server := containers(run(t, registering("postgres", postgres.New, postgresArgs())).pod(t, "StatefulSet"))["postgres"]
	for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
		assert.Subset(t, dig(server, probe, "exec", "command"), []any{"-h", "127.0.0.1"})
	}
	seconds := dig(server, "startupProbe", "periodSeconds").(float64) * dig(server, "startupProbe", "failureThreshold").(float64)
	assert.GreaterOrEqual(t, seconds, 600.0, "the log is replayed after a crash")
}
