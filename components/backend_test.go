package components_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
	"platform/components/postgres"
	"platform/config"
)

func TestBackendRegistersWhatItNeeds(t *testing.T) {
	assert.ElementsMatch(t, []string{
		"ConfigMap backend-config", "Secret backend-secrets",
		"ServiceAccount backend-migrate", "Job backend-migrate",
		"ServiceAccount backend", "Deployment backend", "Service backend",
		"PodDisruptionBudget backend", "HorizontalPodAutoscaler backend",
	}, run(t, registering("backend", backend.New, scaledArgs())).names())
}

// The platform's autoscaler: 3 to 10 pods, at 70 % of CPU or 80 % of memory.
func TestBackendScales(t *testing.T) {
	autoscaler := run(t, registering("backend", backend.New, scaledArgs())).one(t, "HorizontalPodAutoscaler").Inputs
	assert.Equal(t, "backend-hpa", dig(autoscaler, "metadata", "name"))
	metric := func(resource string, percent float64) any {
		return map[string]any{"type": "Resource", "resource": map[string]any{
			"name": resource, "target": map[string]any{"type": "Utilization", "averageUtilization": percent},
		}}
	}
	assert.Equal(t, map[string]any{
		"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "backend"},
		"minReplicas":    3.0, "maxReplicas": 10.0,
		"metrics": []any{metric("cpu", 70), metric("memory", 80)},
	}, autoscaler["spec"])
}

func TestBackendServes(t *testing.T) {
	pod := run(t, registering("backend", backend.New, backendArgs())).pod(t, "Deployment")
	server := containers(pod)["backend"]
	assert.Equal(t, "/health", dig(server, "livenessProbe", "httpGet", "path"))
	assert.Equal(t, "/health", dig(server, "startupProbe", "httpGet", "path"))
	assert.Equal(t, "/ready", dig(server, "readinessProbe", "httpGet", "path"))
	assert.Equal(t, 1001.0, dig(pod, "spec", "securityContext", "runAsUser"))
	assert.Nil(t, dig(server, "env", 8), "what runs jobs is the image's own beside Celery")
	assert.Nil(t, dig(server, "command"), "the image knows how to start")
}

// The facts' variables, each from where it may come: a secret never as a
// literal, and all else by the one ConfigMap.
func TestBackendEnvironment(t *testing.T) {
	resources := run(t, registering("backend", backend.New, backendArgs()))
	want := map[string]any{
		"DATABASE_PASSWORD":     "backend-secrets/DATABASE_PASSWORD",
		"DB_URL":                "backend-secrets/DB_URL",
		"SECRET_KEY":            "backend-secrets/SECRET_KEY",
		"OIDC_CLIENT_SECRET":    "backend-secrets/OIDC_CLIENT_SECRET",
		"OAUTH_CLIENT_SECRET":   "backend-secrets/OIDC_CLIENT_SECRET",
		"REDIS_URL":             "backend-secrets/REDIS_URL",
		"CELERY_BROKER_URL":     "backend-secrets/REDIS_URL",
		"CELERY_RESULT_BACKEND": "backend-secrets/REDIS_URL",
	}
	content := decoded(t, resources.one(t, "Secret"))
	for _, pod := range resources.pods() {
		main := dig(pod, "spec", "containers", 0)
		assert.Equal(t, want, environment(main))
		assert.Equal(t, "backend-config", dig(main, "envFrom", 0, "configMapRef", "name"))
		for _, variable := range list(main, "env") {
			assert.Contains(t, content, dig(variable, "valueFrom", "secretKeyRef", "key"), "a key that is missing keeps the pod from starting")
		}
	}
}

func TestMigrationRunsBeforeTheBackend(t *testing.T) {
	args := backendArgs()
	resources := run(t, func(ctx *pulumi.Context) error {
		database, err := postgres.New(ctx, "postgres", postgresArgs())
		if err != nil {
			return err
		}
		_, err = backend.New(ctx, "backend", args, pulumi.DependsOn(database.Ready))
		return err
	})
	migration, deployment := resources.one(t, "Job", "backend-migrate"), resources.one(t, "Deployment")
	assert.True(t, dependsOn(deployment, "Job", "backend-migrate"))
	assert.True(t, dependsOn(migration, "Job", "postgres-init"), "the database and its role are there")
	for _, one := range []string{"ConfigMap backend-config", "Secret backend-secrets"} {
		kind, name, _ := strings.Cut(one, " ")
		assert.True(t, dependsOn(migration, kind, name), "migration after %s", one)
		assert.True(t, dependsOn(deployment, kind, name), "pods that start before %s is updated keep its old content", one)
	}
	pod := resources.pod(t, "Job", "backend-migrate")
	main := dig(pod, "spec", "containers", 0)
	assert.Equal(t, []any{"alembic", "upgrade", "head"}, dig(main, "command"))
	assert.Equal(t, image, dig(main, "image"), "the image that is about to serve")
	assert.NotEqual(t, "backend", dig(pod, "metadata", "labels", "app"), "the Service must not send it requests")
}

func TestMigrationRunsAgainFor(t *testing.T) {
	name := func(t *testing.T, mutate func(*backend.Args)) any {
		args := backendArgs()
		mutate(&args)
		return dig(run(t, registering("backend", backend.New, args)).one(t, "Job").Inputs, "metadata", "name")
	}
	type b = backend.Args
	before := name(t, func(*b) {})
	assert.Regexp(t, "^backend-migrate-[0-9a-f]{16}$", before)
	for what, tc := range map[string]struct {
		mutate func(*b)
		again  bool
	}{
		"nothing":            {func(*b) {}, false},
		"a new image":        {func(a *b) { a.Settings.Image = "ghcr.io/epfl-enac/epfl/co2-calculator/backend:v1.0.1" }, true},
		"another server":     {func(a *b) { a.Settings.Database.Host = "db.epfl.ch" }, true},
		"another database":   {func(a *b) { a.Settings.Database.Name = "other" }, true},
		"a log level":        {func(a *b) { a.Settings.LogLevel = "DEBUG" }, false},
		"room for files":     {func(a *b) { a.Settings.Files.SizeMiB = 9 }, false},
		"a changed password": {func(a *b) { a.Settings.Database.Password = secretValue("other") }, false},
		"more replicas":      {func(a *b) { a.Settings.Replicas = 5 }, false},
		"resources rewritten": {
			func(a *b) { a.Settings.Resources = config.NewResources("0.1", "262144Ki", "0.5", "0.5Gi") }, false,
		},
	} {
		t.Run(what, func(t *testing.T) { assert.Equal(t, tc.again, before != name(t, tc.mutate)) })
	}
}

// Without S3 storage the image makes its folder for files when it is imported,
// whatever it is imported for, and ends if it cannot.
func TestEveryProcessOfTheImageKeepsFiles(t *testing.T) {
	resources := run(t, func(ctx *pulumi.Context) error {
		for _, register := range []program{
			registering("backend", backend.New, backendArgs()),
			registering("celery-worker", backend.NewWorker, workerArgs()),
			registering("backend-worker", backend.NewPoller, pollerArgs()),
		} {
			if err := register(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	pods := resources.pods()
	require.Len(t, pods, 4, "API server, migration, Celery and poller")
	for _, pod := range pods {
		places := map[any]any{}
		for _, mount := range list(dig(pod, "spec", "containers", 0), "volumeMounts") {
			places[dig(mount, "mountPath")] = dig(mount, "name")
		}
		assert.Equal(t, "files", places["/app/files_storage"])
		assert.Contains(t, places, "/tmp")
		for _, volume := range list(pod, "spec", "volumes") {
			if dig(volume, "name") == "files" {
				assert.Equal(t, map[string]any{"sizeLimit": "1024Mi"}, dig(volume, "emptyDir"))
			}
		}
	}
	assert.Equal(t, "/app/files_storage", dig(resources.one(t, "ConfigMap", "backend-config").Inputs, "data", "FILES_STORAGE_PATH"))
}

// Who runs jobs follows from one setting, so that the backend never leaves to
// others what nobody runs.
func TestBackendLeavesJobsToWhoRunsThem(t *testing.T) {
	for jobs, want := range map[config.WorkerKind]any{config.WorkerCelery: nil, config.WorkerPoller: "false", config.WorkerNone: "true"} {
		args := backendArgs()
		args.Jobs = jobs
		pod := run(t, registering("backend", backend.New, args)).pod(t, "Deployment")
		variables := environment(containers(pod)["backend"])
		assert.Equal(t, want, variables["RUN_BACKGROUND_POLLER"], jobs)
		assert.Equal(t, want, variables["DISPATCH_JOBS_INLINE"], jobs)
	}
}
