package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The gateway's routes as they were observed, host by host.
func TestCatalogueRoutes(t *testing.T) {
	to := func(host, path, service string) Route {
		return Route{Host: host + ".eddisonso.com", Path: path, Service: service, Port: 80}
	}
	assert.Equal(t, []Route{
		to("auth.cloud", "/", "auth-service"),
		to("cloud", "/", "simple-file-share-frontend"),
		to("compute.cloud", "/", "edd-compute"),
		to("docs.cloud", "/", "edd-cloud-docs"),
		to("health.cloud", "/logs/download", "log-service"),
		to("health.cloud", "/sse/logs", "log-service"),
		to("health.cloud", "/ws/logs", "log-service"),
		to("health.cloud", "/", "cluster-monitor"),
		to("notifications.cloud", "/", "notification-service"),
		to("storage.cloud", "/sse/progress", "simple-file-share-backend"),
		to("storage.cloud", "/sse", "simple-file-share-backend"),
		to("storage.cloud", "/ws", "simple-file-share-backend"),
		to("storage.cloud", "/", "simple-file-share-backend"),
	}, loadCore(t, "k3s").Routes())
}

// Variables, ports and users are those that the images expect.
func TestCatalogueExpectations(t *testing.T) {
	services := loadCore(t, "k3s").Services
	require.Len(t, services, 9)
	health := map[string]string{}
	for name, service := range services {
		health[name] = service.HealthPath
		switch name {
		case "simple-file-share-frontend", "edd-cloud-docs":
			assert.Equal(t, []any{80, 101}, []any{service.Port, service.User}, name)
			assert.Equal(t, []string{"/var/cache/nginx", "/run"}, service.Writable)
		default:
			assert.Equal(t, []any{8080, 65532}, []any{service.Port, service.User}, name)
			assert.Empty(t, service.Writable)
		}
		assert.Equal(t, name == "log-service", service.GRPCPort == 50051, name)
	}
	assert.Equal(t, map[string]string{
		"auth-service": "/healthz", "edd-compute": "/healthz", "cluster-monitor": "/healthz", "log-service": "/healthz",
		"notification-service": "/healthz", "alerting-service": "/healthz",
		"simple-file-share-backend": "", "simple-file-share-frontend": "", "edd-cloud-docs": "",
	}, health)
	auth, files := services["auth-service"], services["simple-file-share-backend"]
	assert.Equal(t, map[string]string{
		"NATS_URL": "nats://nats:4222", "WEBAUTHN_RP_ID": "cloud.eddisonso.com", "WEBAUTHN_RP_ORIGINS": "https://cloud.eddisonso.com",
	}, auth.Env)
	assert.Equal(t, NewResources("50m", "64Mi", "200m", "256Mi"), auth.Resources)
	assert.Equal(t, map[string]string{
		"DATABASE_URL": "sfs-db-credentials/DATABASE_URL", "ADMIN_USERNAME": "edd-cloud-admin/ADMIN_USERNAME",
		"SERVICE_API_KEY": "service-api-key/SERVICE_API_KEY", "GFS_JWT_SECRET": "gfs-jwt-secret/GFS_JWT_SECRET",
		"JWT_SECRET": "edd-cloud-auth/JWT_SECRET", "DEFAULT_USERNAME": "edd-cloud-auth/DEFAULT_USERNAME",
		"DEFAULT_PASSWORD": "edd-cloud-auth/DEFAULT_PASSWORD",
	}, files.Secrets)
	assert.Equal(t, []string{"/app/sfs"}, files.Command)
	assert.Contains(t, services["cluster-monitor"].Args, "https://k3s.eddisonso.com:6443")
	assert.Equal(t, map[string]string{"DISCORD_WEBHOOK_URL": "discord-webhook-url/WEBHOOK_URL"}, services["alerting-service"].Secrets)
}

// The two halves of the file share are told apart by a second label.
func TestCatalogueLabels(t *testing.T) {
	for name, service := range loadCore(t, "k3s").Services {
		switch name {
		case "simple-file-share-backend":
			assert.Equal(t, []any{"simple-file-share", map[string]string{"tier": "backend"}}, []any{service.App, service.Labels})
		case "simple-file-share-frontend":
			assert.Equal(t, []any{"simple-file-share", map[string]string{"tier": "frontend"}}, []any{service.App, service.Labels})
		default:
			assert.Equal(t, name, service.App)
			assert.Empty(t, service.Labels)
		}
	}
}

// What the stack file writes counts, quantity by quantity and variable by
// variable; what it writes empty stays empty.
func TestCatalogueGivesWay(t *testing.T) {
	c, err := parseCore(t, on("services[auth-service]", map[string]any{
		"image": "eddisonso/ecloud-auth:20260215-062053", "platforms": []any{"linux/amd64", "linux/arm64"},
		"port": 9090, "user": 1000, "args": []any{}, "routes": []any{}, "healthPath": "/ready",
		"env":       map[string]any{"DATABASE_URL": "postgres://elsewhere/auth", "LOG_LEVEL": "debug"},
		"resources": map[string]any{"limits": map[string]any{"cpu": "1"}},
	})...)
	require.NoError(t, err)
	auth := c.Services["auth-service"]
	assert.Equal(t, []any{9090, 1000, "/ready"}, []any{auth.Port, auth.User, auth.HealthPath})
	assert.Empty(t, auth.Args)
	assert.Empty(t, auth.Routes)
	assert.Equal(t, NewResources("50m", "64Mi", "1", "256Mi"), auth.Resources)
	assert.Equal(t, "postgres://elsewhere/auth", auth.Env["DATABASE_URL"])
	assert.NotContains(t, auth.Secrets, "DATABASE_URL", "one variable has one value")
	assert.Equal(t, "nats://nats:4222", auth.Env["NATS_URL"])
	assert.Equal(t, "edd-cloud-auth/JWT_SECRET", auth.Secrets["JWT_SECRET"])
}

// Every service of the catalogue refers to Secrets that exist, to fields that
// there are, and to nothing of another domain.
func TestCatalogueIsValidForAnyDomain(t *testing.T) {
	tree := fixture(t, k3sFile)
	delete(tree, "pulumi:disable-default-providers")
	tree["domain"] = "example.org"
	c, err := Parse[EddCloud](testStack, raw(t, tree))
	require.NoError(t, err)
	for _, route := range c.Routes() {
		assert.Contains(t, route.Host, ".example.org")
	}
	assert.Equal(t, "cloud.example.org", c.Services["auth-service"].Env["WEBAUTHN_RP_ID"])
	assert.Equal(t, []string{"example.org", "*.example.org", "*.cloud.example.org"}, c.TLS.Hosts)
}

func TestKubernetesSecrets(t *testing.T) {
	c, err := parseCore(t, on("tls.secret", "wildcard")...)
	require.NoError(t, err)
	got := map[string]Credential{}
	for _, secret := range c.KubernetesSecrets() {
		got[secret.Name] = secret
	}
	for _, want := range []Credential{
		{"postgres-credentials", SecretOpaque, []CredentialKey{
			{"POSTGRES_USER", FormatText, 0, true},
			{"POSTGRES_PASSWORD", FormatText, 16, false},
			{"POSTGRES_DB", FormatText, 0, true},
			{"REPLICATION_PASSWORD", FormatText, 16, false},
			{"GATEWAY_PASSWORD", FormatText, 16, false},
			{"DATABASE_URL", FormatURL, 0, true},
		}},
		{"compute-db-credentials", SecretOpaque, []CredentialKey{{"DATABASE_URL", FormatURL, 0, true}, {"PASSWORD", FormatText, 16, false}}},
		{"auth-db-credentials", SecretOpaque, []CredentialKey{{"DATABASE_URL", FormatURL, 0, true}, {"PASSWORD", FormatText, 16, false}}},
		{"sfs-db-credentials", SecretOpaque, []CredentialKey{{"DATABASE_URL", FormatURL, 0, true}, {"PASSWORD", FormatText, 16, false}}},
		{"notification-db-credentials", SecretOpaque, []CredentialKey{{"DATABASE_URL", FormatURL, 0, true}, {"PASSWORD", FormatText, 16, false}}},
		{"edd-cloud-auth", SecretOpaque, []CredentialKey{{"JWT_SECRET", FormatText, 32, false}, {"DEFAULT_USERNAME", FormatText, 0, false}, {"DEFAULT_PASSWORD", FormatText, 16, false}}},
		{"edd-cloud-admin", SecretOpaque, []CredentialKey{{"ADMIN_USERNAME", FormatText, 0, false}}},
		{"service-api-key", SecretOpaque, []CredentialKey{{"SERVICE_API_KEY", FormatText, 16, false}}},
		{"gfs-jwt-secret", SecretOpaque, []CredentialKey{{"GFS_JWT_SECRET", FormatText, 32, false}}},
		{"discord-webhook-url", SecretOpaque, []CredentialKey{{"WEBHOOK_URL", FormatURL, 0, false}}},
		{"regcred", SecretDockerConfigJSON, []CredentialKey{{".dockerconfigjson", FormatDockerConfigJSON, 0, false}}},
		{"wildcard", SecretTLS, []CredentialKey{{"tls.crt", FormatPEM, 0, false}, {"tls.key", FormatPEM, 0, false}}},
		{"blog-api", SecretOpaque, []CredentialKey{{"KEY", FormatText, 0, false}}},
	} {
		assert.Equal(t, want, got[want.Name])
		delete(got, want.Name)
	}
	assert.Empty(t, got)
}
