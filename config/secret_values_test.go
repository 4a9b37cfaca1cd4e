package config

import (
	"path"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kept is a value as the descriptions of the platforms have it: at the place
// that it has by its Secret and key.
func kept(secret, key string, format CredentialFormat, minLength int) SecretValue {
	return SecretValue{Secret: secret, Key: key, Path: "/" + secret, Name: key, Format: format, MinLength: minLength}
}

// The Secret backend-secrets is that of the page "Infrastructure Overview" of
// the co2-calculator's documentation, section Configuration Management. Queue
// and database have a password each.
func TestSecretValuesOfEPFL(t *testing.T) {
	key := kept("backend-secrets", "SECRET_KEY", FormatText, 32)
	key.Length = 64
	for _, stack := range []string{"local", "dev", "staging", "prod"} {
		assert.Equal(t, []SecretValue{
			kept("backend-secrets", "DATABASE_PASSWORD", FormatText, 16),
			kept("backend-secrets", "OIDC_CLIENT_SECRET", FormatText, 16),
			key,
			kept("postgres-credentials", "admin-password", FormatText, 16),
			kept("redis-auth", "password", FormatText, 16),
		}, load(t, stack).SecretValues(), stack)
	}
}

func TestSecretValuesOfAManagedDatabase(t *testing.T) {
	c, err := parseChanged(t, on("postgres", map[string]any{"mode": "managed", "managed": map[string]any{"host": "db.epfl.ch", "cidr": "10.0.0.0/8"}})...)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"backend-secrets/DATABASE_PASSWORD", "backend-secrets/OIDC_CLIENT_SECRET", "backend-secrets/SECRET_KEY", "redis-auth/password",
	}, names(c.SecretValues()))
}

// The Secrets are those of the table "Secrets" of the page "Kubernetes
// Infrastructure" of Edd Cloud, and their keys those that its services read.
// POSTGRES_USER, POSTGRES_DB and each DATABASE_URL follow from the passwords;
// cert-manager writes the wildcard certificate.
func edd() []SecretValue {
	return []SecretValue{
		kept("auth-db-credentials", "PASSWORD", FormatText, 16),
		kept("compute-db-credentials", "PASSWORD", FormatText, 16),
		kept("discord-webhook-url", "WEBHOOK_URL", FormatURL, 0),
		kept("edd-cloud-admin", "ADMIN_USERNAME", FormatText, 0),
		kept("edd-cloud-auth", "DEFAULT_PASSWORD", FormatText, 16),
		kept("edd-cloud-auth", "DEFAULT_USERNAME", FormatText, 0),
		kept("edd-cloud-auth", "JWT_SECRET", FormatText, 32),
		kept("gfs-jwt-secret", "GFS_JWT_SECRET", FormatText, 32),
		kept("notification-db-credentials", "PASSWORD", FormatText, 16),
		kept("postgres-credentials", "GATEWAY_PASSWORD", FormatText, 16),
		kept("postgres-credentials", "POSTGRES_PASSWORD", FormatText, 16),
		kept("postgres-credentials", "REPLICATION_PASSWORD", FormatText, 16),
		kept("regcred", ".dockerconfigjson", FormatDockerConfigJSON, 0),
		kept("service-api-key", "SERVICE_API_KEY", FormatText, 16),
		kept("sfs-db-credentials", "PASSWORD", FormatText, 16),
	}
}

func TestSecretValuesOfEddCloud(t *testing.T) {
	for _, stack := range []string{"k3s", "k3s-local"} {
		assert.Equal(t, edd(), loadCore(t, stack).SecretValues(), stack)
	}
}

func TestSecretValuesOfWhatAStackFileAdds(t *testing.T) {
	c, err := parseCore(t, change{"tls.source", "secrets"}, change{"tls.secret", "aaa"}, change{"tls.email", absent}, change{"secrets.source", "masked"})
	require.NoError(t, err)
	want := append([]SecretValue{kept("aaa", "tls.crt", FormatPEM, 0), kept("aaa", "tls.key", FormatPEM, 0)}, edd()[0], kept("blog-api", "KEY", FormatText, 0))
	assert.Equal(t, append(want, edd()[1:]...), c.SecretValues())
	for _, others := range []CertificateSource{CertificateIssued, CertificateExisting} {
		c.TLS.Source = others
		assert.Len(t, c.SecretValues(), len(want)-2+len(edd())-1, others)
	}
}

func names(values []SecretValue) []string {
	list := make([]string, 0, len(values))
	for _, value := range values {
		list = append(list, value.String())
	}
	return list
}

// places is where each value is kept.
func places(values []SecretValue) map[string]string {
	where := map[string]string{}
	for _, value := range values {
		where[value.String()] = path.Join(value.Path, value.Name)
	}
	return where
}

func TestPlacesOfSecretValues(t *testing.T) {
	c, err := parseChanged(t, change{"secrets.infisical.path", "/co2/prod"}, change{"secrets.infisical.values", map[string]any{
		"redis-auth/password":                 map[string]any{"path": "/shared/redis"},
		"postgres-credentials/admin-password": map[string]any{"name": "ADMIN_PASSWORD"},
	}})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"backend-secrets/DATABASE_PASSWORD":   "/co2/prod/backend-secrets/DATABASE_PASSWORD",
		"backend-secrets/OIDC_CLIENT_SECRET":  "/co2/prod/backend-secrets/OIDC_CLIENT_SECRET",
		"backend-secrets/SECRET_KEY":          "/co2/prod/backend-secrets/SECRET_KEY",
		"postgres-credentials/admin-password": "/co2/prod/postgres-credentials/ADMIN_PASSWORD",
		"redis-auth/password":                 "/shared/redis/password",
	}, places(c.SecretValues()))
}

func TestOptionalSecretValue(t *testing.T) {
	c, err := parseCore(t, infisicalOfCore("discord-webhook-url/WEBHOOK_URL", map[string]any{"optional": true})...)
	require.NoError(t, err)
	for _, value := range c.SecretValues() {
		assert.Equal(t, value.Secret == "discord-webhook-url", value.Optional, value)
	}
}
