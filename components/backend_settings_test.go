package components_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components/backend"
	"platform/config"
)

// The ConfigMap as it has always been, key by key, and beside it what the facts say that
// the image reads.
func TestBackendConfigMap(t *testing.T) {
	configMap := run(t, registering("backend", backend.New, backendArgs())).one(t, "ConfigMap")
	assert.Equal(t, "backend-config", dig(configMap.Inputs, "metadata", "name"))
	assert.Equal(t, map[string]any{
		// as always
		"DATABASE_HOST": "postgres-service",
		"DATABASE_PORT": "5432",
		"DATABASE_NAME": "co2calculator",
		"REDIS_HOST":    "redis-service",
		"REDIS_PORT":    "6379",
		"LOG_LEVEL":     "INFO",
		"CORS_ORIGINS":  "https://co2calculator.epfl.ch",
		// of the image
		"FRONTEND_URL":             "https://co2calculator.epfl.ch",
		"COOKIE_SECURE":            "true",
		"LOG_FORMAT":               "json",
		"OAUTH_CLIENT_ID":          "client",
		"OAUTH_ISSUER_URL":         "https://issuer.epfl.ch",
		"OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=dev,service.version=v1.0.0",
		"FILES_STORAGE_PATH":       "/app/files_storage",
		// of Uvicorn
		"UVICORN_TIMEOUT_KEEP_ALIVE":        "75",
		"UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": "45",
	}, configMap.Inputs["data"])
}

func TestCookiesAreSecureOverHTTPSOnly(t *testing.T) {
	args := backendArgs()
	args.Settings.URL = "http://localhost:8080"
	configMap := run(t, registering("backend", backend.New, args)).one(t, "ConfigMap")
	assert.Equal(t, "false", dig(configMap.Inputs, "data", "COOKIE_SECURE"), "a browser drops a secure cookie of plain HTTP")
}

// The Secret, and the URLs composed from it, which must survive
// whatever characters a password has.
func TestBackendSecret(t *testing.T) {
	held := run(t, registering("backend", backend.New, backendArgs())).one(t, "Secret")
	assert.Equal(t, "backend-secrets", dig(held.Inputs, "metadata", "name"))
	content := decoded(t, held)
	for key, want := range map[string]string{
		"DATABASE_PASSWORD": canary + "database", "SECRET_KEY": canary + "key", "OIDC_CLIENT_SECRET": canary + "oidc",
	} {
		assert.Equal(t, want, content[key])
	}
	for key, want := range map[string]struct{ user, password, host, path string }{
		"DB_URL":    {"co2calculator", canary + "database", "postgres-service:5432", "/co2calculator"},
		"REDIS_URL": {"", canary + "queue", "redis-service:6379", "/0"},
	} {
		parsed, err := url.Parse(content[key])
		require.NoError(t, err)
		password, _ := parsed.User.Password()
		assert.Equal(t, want.password, password)
		assert.Equal(t, want.user, parsed.User.Username())
		assert.Equal(t, want.host, parsed.Host)
		assert.Equal(t, want.path, parsed.Path)
	}
	assert.Len(t, content, 5)
}

// Without a queue nothing of it is left: an address that answers nobody would
// be tried.
func TestBackendWithoutQueue(t *testing.T) {
	args := backendArgs()
	args.Settings.Queue, args.Jobs = nil, config.WorkerNone
	resources := run(t, registering("backend", backend.New, args))
	variables := dig(resources.one(t, "ConfigMap").Inputs, "data")
	assert.NotContains(t, variables, "REDIS_HOST")
	assert.NotContains(t, variables, "REDIS_PORT")
	assert.NotContains(t, decoded(t, resources.one(t, "Secret")), "REDIS_URL")
	for _, pod := range resources.pods() {
		for name := range environment(dig(pod, "spec", "containers", 0)) {
			assert.NotRegexp(t, "^(REDIS|CELERY)_", name)
		}
	}
}
