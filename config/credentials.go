package config

import (
	"maps"
	"slices"
)

// CredentialFormat is the form of one value of a Secret.
type CredentialFormat string

// The forms of a value.
const (
	FormatText             CredentialFormat = "text"             // a password, a key or a name
	FormatURL              CredentialFormat = "url"              // with a scheme and a host
	FormatDockerConfigJSON CredentialFormat = "dockerconfigjson" // log-ins of registries, as docker writes them
	FormatPEM              CredentialFormat = "pem"              // a certificate chain or a key
)

// The types of Secrets that Kubernetes checks the keys of.
const (
	SecretOpaque           = "Opaque"
	SecretDockerConfigJSON = "kubernetes.io/dockerconfigjson"
	SecretTLS              = "kubernetes.io/tls"
)

// Credential is one Secret of the namespace, without its values.
type Credential struct {
	Name string
	Type string
	Keys []CredentialKey
}

// CredentialKey is one value of a Secret.
type CredentialKey struct {
	Name   string
	Format CredentialFormat
}

// credentials are the Secrets that the platform has anyway. Those of databases
// follow from its databases.
func credentials(wildcard string) []Credential {
	return []Credential{
		{"postgres-credentials", SecretOpaque, append(
			texts("POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "REPLICATION_PASSWORD"),
			CredentialKey{"DATABASE_URL", FormatURL})},
		{"edd-cloud-auth", SecretOpaque, texts("JWT_SECRET", "DEFAULT_USERNAME", "DEFAULT_PASSWORD")},
		{"edd-cloud-admin", SecretOpaque, texts("ADMIN_USERNAME")},
		{"service-api-key", SecretOpaque, texts("SERVICE_API_KEY")},
		{"gfs-jwt-secret", SecretOpaque, texts("GFS_JWT_SECRET")},
		{"discord-webhook-url", SecretOpaque, []CredentialKey{{"WEBHOOK_URL", FormatURL}}},
		{"regcred", SecretDockerConfigJSON, []CredentialKey{{".dockerconfigjson", FormatDockerConfigJSON}}},
		{wildcard, SecretTLS, []CredentialKey{{"tls.crt", FormatPEM}, {"tls.key", FormatPEM}}},
	}
}

func texts(names ...string) []CredentialKey {
	keys := make([]CredentialKey, 0, len(names))
	for _, name := range names {
		keys = append(keys, CredentialKey{name, FormatText})
	}
	return keys
}

// KubernetesSecrets is every Secret of the namespace by name: the platform's,
// one for each database, and the further ones of the stack file. Who writes
// that of the wildcard certificate, [WildcardTLS.Source] tells.
func (c *EddCloud) KubernetesSecrets() []Credential {
	list := credentials(c.TLS.Secret)
	for _, database := range c.Postgres.Databases {
		list = append(list, Credential{database.Secret, SecretOpaque, []CredentialKey{
			{"DATABASE_URL", FormatURL}, {"PASSWORD", FormatText},
		}})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		list = append(list, Credential{name, SecretOpaque, texts(c.Credentials[name]...)})
	}
	slices.SortStableFunc(list, func(a, b Credential) int { return compareKeys(a.Name, b.Name) })
	return list
}
