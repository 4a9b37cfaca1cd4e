//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mistake is a slip in the sources that compiles and that a reviewer may miss.
type mistake struct {
	name      string
	file      string // below the checkout
	slips     []slip // in the file
	unnoticed string // why no user notices it while all runs as usual; empty where one does
	fresh     bool   // shows in a first deployment only
}

// slip is a text of a file, which is there once, and what stands in its place.
type slip struct{ old, new string }

// mistakes are seeded one at a time, all in the co2-calculator.
var mistakes = []mistake{
	// Users.
	{
		name: "redis runs as another user", file: "components/redis/redis.go",
		slips: []slip{{`userID      = 999`, `userID      = 998`}},
	},
	{
		name: "postgres runs as another user", file: "components/postgres/postgres.go",
		slips: []slip{{`return 70`, `return 71`}},
	},

	// Mounts.
	{
		name: "no folder for the backend's files", file: "components/backend/settings.go",
		slips: []slip{{"\t\t{Volume: Scratch(\"files\", s.Files.SizeMiB), Path: s.Files.Folder},\n", ""}},
	},
	{
		name: "heartbeat module mounted elsewhere", file: "components/backend/worker.go",
		slips: []slip{{`Path: modules, ReadOnly: true`, `Path: "/etc/heartbeat", ReadOnly: true`}},
	},
	{
		name: "archives mounted elsewhere", file: "components/postgres/backup.go",
		slips: []slip{{`claimName), Path: archivesPath}`, `claimName), Path: "/archive"}`}},
	},
	{
		name: "redis' volume mounted read-only", file: "components/redis/redis.go",
		slips: []slip{{`{Volume: pod.Claim("data", claimName), Path: "/data"}`, `{Volume: pod.Claim("data", claimName), Path: "/data", ReadOnly: true}`}},
	},
	{
		name: "postgres' data beside its volume", file: "components/postgres/server.go",
		slips: []slip{{`Literal("PGDATA", data+"/pgdata")`, `Literal("PGDATA", "/tmp/pgdata")`}},
	},

	// Ports.
	{
		name: "another port of the frontend's container", file: "components/frontend/frontend.go",
		slips: []slip{{`Port        = 8080`, `Port        = 8081`}},
	},
	{
		name: "services lead to their own port number", file: "components/service/service.go",
		slips: []slip{{`TargetPort: pulumi.String(port.Name), Protocol: port.Protocol(),`, `TargetPort: pulumi.Int(port.Service), Protocol: port.Protocol(),`}},
	},
	{
		name: "another port in the database's URL", file: "components/postgres/postgres.go",
		slips: []slip{{`= ServiceName, config.PostgresPort`, `= ServiceName, 5433`}},
	},

	// Secrets and variables.
	{
		name: "a secret's key that is not there", file: "components/backend/settings.go",
		slips: []slip{{`FromSecret("DB_URL", config.BackendSecret, "DB_URL")`, `FromSecret("DB_URL", config.BackendSecret, "DATABASE_URL")`}},
	},
	{
		name: "another name of the database's variable", file: "components/backend/settings.go",
		slips: []slip{{`FromSecret("DB_URL", config.BackendSecret, "DB_URL")`, `FromSecret("DATABASE_URL", config.BackendSecret, "DB_URL")`}},
	},
	{
		name: "another name of the exporter's password", file: "components/redis/redis.go",
		slips: []slip{{`FromSecret("REDIS_PASSWORD", config.RedisSecret, "password")`, `FromSecret("REDIS_PASS", config.RedisSecret, "password")`}},
	},
	{
		name: "another name of the login's client", file: "components/backend/settings.go",
		slips: []slip{{`"OAUTH_CLIENT_ID":          s`, `"OAUTH_CLIENT":             s`}},
	},
	{
		name: "the frontend's URL without TLS", file: "stacks/epfl.go",
		slips: []slip{{`url := "https://" + cfg.Edge.Host`, `url := "http://" + cfg.Edge.Host`}},
	},
	{
		name: "another name of the frontend's environment", file: "components/frontend/frontend.go",
		slips: []slip{{`Literal("APP_ENVIRONMENT", `, `Literal("ENVIRONMENT", `}},
	},

	// Network policies.
	{
		name: "no DNS over UDP", file: "components/network/policies.go",
		slips: []slip{{`portArgs(Flow{Port: port, UDP: true}), portArgs`, `portArgs`}},
	},
	{
		name: "the edge may not reach the backend", file: "stacks/epfl_network.go",
		slips: []slip{{`to(config.BackendName, backend.Port, ingress, site)`, `to(config.BackendName, backend.Port, site)`}},
	},
	{
		name: "the worker may not reach redis", file: "stacks/epfl_network.go",
		slips: []slip{{`redis.Port, processes...)`, `redis.Port, processes[:1]...)`}},
	},
	{
		name: "prometheus may reach another port of redis", file: "stacks/epfl_network.go",
		slips: []slip{{`redis.MetricsPort`, `redis.Port`}},
	},

	// Selectors and targets.
	{
		name: "services select by their own name", file: "components/service/service.go",
		slips: []slip{{`ToStringMap(args.App.Selector(args.Component))`, `ToStringMap(args.App.Selector(args.Name))`}},
	},
	{
		name: "the autoscaler has another target", file: "components/workload/availability.go",
		slips: []slip{{`pulumi.String("Deployment"), Name: pulumi.String(component)`, `pulumi.String("Deployment"), Name: pulumi.String(component + "-deployment")`}},
	},
	{
		name: "the autoscaler asks for a metric that is not one", file: "components/workload/availability.go",
		slips: []slip{{`{"memory", a.MemoryPercent}`, `{"mem", a.MemoryPercent}`}},
	},

	// Probes.
	{
		name: "another path of the readiness probe", file: "components/backend/backend.go",
		slips: []slip{{`Readiness: &pod.Probe{Port: "http", Path: cfg.ReadyPath,`, `Readiness: &pod.Probe{Port: "http", Path: "/readyz",`}},
	},
	{
		name: "another path of the liveness probe", file: "components/backend/backend.go",
		slips: []slip{{`Liveness:  &pod.Probe{Port: "http", Path: cfg.LivePath,`, `Liveness:  &pod.Probe{Port: "http", Path: "/livez",`}},
	},

	// Order, commands and scripts.
	{
		name: "the database waits for the job that waits for it", file: "components/postgres/postgres.go", fresh: true,
		slips: []slip{
			{"\tset, err := args.newServer(ctx, name, child, after)\n\tif err != nil {\n\t\treturn err\n\t}\n", ""},
			{"\tp.Ready = ", "\tset, err := args.newServer(ctx, name, child, pulumi.Composite(after, pulumi.DependsOn([]pulumi.Resource{databases})))\n\tif err != nil {\n\t\treturn err\n\t}\n\tp.Ready = "},
		},
	},
	{
		name: "the migration's command without its target", file: "components/backend/backend.go",
		slips: []slip{{`[]string{"alembic", "upgrade", "head"}`, `[]string{"alembic", "upgrade"}`}},
	},
	{
		name: "archives in a format that cannot be checked", file: "components/postgres/backup.sh",
		slips: []slip{{`pg_dump --format=custom`, `pg_dump --format=plain`}},
	},

	// Databases and the queue.
	{
		name: "archives of another database", file: "components/postgres/backup.go",
		slips: []slip{{`Literal("PGDATABASE", a.Database)`, `Literal("PGDATABASE", config.PostgresAdmin)`}},
	},
	{
		name: "the application's role may not log in", file: "components/postgres/databases.sql.tmpl",
		slips: []slip{{`ALTER ROLE :"role" WITH LOGIN `, `ALTER ROLE :"role" WITH NOLOGIN `}},
	},
	{
		name: "the password as the user in redis' URL", file: "components/redis/queue.go",
		slips: []slip{{`url.UserPassword("", secret.InUserinfo.Mark(password))`, `url.User(secret.InUserinfo.Mark(password))`}},
	},
	{
		name: "redis' data beside its volume", file: "components/redis/redis.go",
		slips: []slip{{"\ndir /data\n", "\ndir /tmp\n"}},
	},

	// Limits.
	{
		name: "too little memory to wait with", file: "components/postgres/databases.go",
		slips: []slip{{"Name: \"wait\", Image: image,\n\t\tResources: config.NewResources(\"50m\", \"64Mi\", \"500m\", \"128Mi\"),", "Name: \"wait\", Image: image,\n\t\tResources: config.NewResources(\"50m\", \"1Mi\", \"500m\", \"2Mi\"),"}},
	},
	{
		name: "a quota of too few pods", file: "components/namespace/namespace.go",
		slips: []slip{{`fmt.Sprint(a.Quota.Pods)`, `fmt.Sprint(a.Quota.Pods/8)`}},
	},
	{
		name: "a budget that lets no pod go", file: "components/workload/availability.go",
		slips: []slip{{`MinAvailable: pulumi.Int(1), Unhealthy`, `MinAvailable: pulumi.Int(2), Unhealthy`}},
	},

	// The edge and monitoring.
	{
		name: "the edge leads to a port that the service has not", file: "stacks/epfl.go",
		slips: []slip{{`Service: frontend.ServiceName, Port: 80}`, `Service: frontend.ServiceName, Port: frontend.Port}`}},
	},
	{
		name: "the edge publishes the backend elsewhere", file: "stacks/epfl.go",
		slips: []slip{{`{Prefix: "/api", `, `{Prefix: "/backend", `}},
	},
	{
		name: "another name of the issuer's annotation", file: "components/edge/ingress.go",
		slips: []slip{{`"cert-manager.io/cluster-issuer"`, `"cert-manager.io/issuer"`}},
	},
	{
		name: "the backend is scraped at a port that it has not", file: "components/monitoring/monitoring.go",
		slips: []slip{{`{config.BackendName, "http"}`, `{config.BackendName, "metrics"}`}},
	},

	// What works all the same.
	{
		name: "every pod gets a token", file: "components/pod/pod.go", unnoticed: "a token that nobody uses",
		slips: []slip{{`pulumi.Bool(account.Token)`, `pulumi.Bool(true)`}},
	},
}

// TestMistakesCanBeMade looks that each is one of the program as it is today.
func TestMistakesCanBeMade(t *testing.T) {
	t.Parallel()
	assert.Len(t, mistakes, 40)
	names := map[string]bool{}
	for _, m := range mistakes {
		assert.False(t, names[m.name], m.name)
		names[m.name] = true
		text, err := os.ReadFile(filepath.Join("../..", m.file))
		require.NoError(t, err)
		_, err = m.in(string(text))
		assert.NoError(t, err)
	}
}

// in is the file's text with the mistake.
func (m mistake) in(text string) (string, error) { return replaced(m.file, text, m.slips) }

// replaced puts texts in the place of others, each of which is there once.
func replaced(file, text string, slips []slip) (string, error) {
	for _, s := range slips {
		if n := strings.Count(text, s.old); n != 1 {
			return "", fmt.Errorf("%s has %d times and not once: %q", file, n, s.old)
		}
		text = strings.Replace(text, s.old, s.new, 1)
	}
	return text, nil
}
