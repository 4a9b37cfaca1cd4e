package components_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/components"
)

func TestBackendSettingsFaults(t *testing.T) {
	type s = components.BackendSettings
	rejects(t, settings, map[string]fault[s]{
		"no database":          {func(a *s) { a.Database.Host = "" }, "settings.database.host: is missing"},
		"no queue":             {func(a *s) { a.Queue.Host = "" }, "settings.queue.host: is missing"},
		"no URL":               {func(a *s) { a.URL = "" }, "settings.url: is missing"},
		"no database password": {func(a *s) { a.Database.Password = nil }, "settings.database.password: is missing; take it from the secret source"},
		"no queue password":    {func(a *s) { a.Queue.Password = nil }, "settings.queue.password: is missing"},
		"no secret key":        {func(a *s) { a.SecretKey = nil }, "settings.secretKey: is missing"},
		"no client secret":     {func(a *s) { a.OIDCClientSecret = nil }, "settings.oidcClientSecret: is missing"},
	})
}

func TestBackendSettingsFaultsAreSorted(t *testing.T) {
	first := components.BackendSettings{}.Validate().Error()
	for range 20 {
		assert.Equal(t, first, components.BackendSettings{}.Validate().Error())
	}
}

// The ConfigMap of the seed, key by key, and beside it what the facts say that
// the image reads.
func TestBackendConfigMap(t *testing.T) {
	config := run(t, registering("backend", components.NewBackend, backendArgs())).one(t, "ConfigMap")
	assert.Equal(t, "backend-config", dig(config.Inputs, "metadata", "name"))
	assert.Equal(t, map[string]any{
		// of the seed
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
	}, config.Inputs["data"])
}

func TestCookiesAreSecureOverHTTPSOnly(t *testing.T) {
	args := backendArgs()
	args.Settings.URL = "http://localhost:8080"
	config := run(t, registering("backend", components.NewBackend, args)).one(t, "ConfigMap")
	assert.Equal(t, "false", dig(config.Inputs, "data", "COOKIE_SECURE"), "a browser drops a secure cookie of plain HTTP")
}

// The Secret of the seed, and the URLs composed from it, which must survive
// whatever characters a password has.
func TestBackendSecret(t *testing.T) {
	held := run(t, registering("backend", components.NewBackend, backendArgs())).one(t, "Secret")
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
	args.Settings.Queue, args.Jobs = nil, components.JobsInline
	resources := run(t, registering("backend", components.NewBackend, args))
	config := dig(resources.one(t, "ConfigMap").Inputs, "data")
	assert.NotContains(t, config, "REDIS_HOST")
	assert.NotContains(t, config, "REDIS_PORT")
	assert.NotContains(t, decoded(t, resources.one(t, "Secret")), "REDIS_URL")
	for _, pod := range resources.pods() {
		for name := range environment(dig(pod, "spec", "containers", 0)) {
			assert.NotRegexp(t, "^(REDIS|CELERY)_", name)
		}
	}
}
