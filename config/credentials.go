package config

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
)

// CredentialFormat is the form of one value of a Secret.
type CredentialFormat string

// The forms of a value.
const (
	FormatText             CredentialFormat = "text"             // a password, a key or a name
	FormatURL              CredentialFormat = "url"              // with a scheme and a host
	FormatDockerConfigJSON CredentialFormat = "dockerconfigjson" // log-ins of registries, as docker writes them
	FormatPEM              CredentialFormat = "pem"              // a certificate chain or a key
	FormatJSON             CredentialFormat = "json"             // one JSON value
	FormatHex              CredentialFormat = "hex"              // 32 bytes as 64 hexadecimal digits
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
	Name      string
	Format    CredentialFormat
	MinLength int  // characters; 0 means that it must not be empty
	Composed  bool // follows from others of its Secret, and so is asked of no source
}

// The least lengths of values, in characters. Names and what somebody else
// hands out in a form of its own, such as a URL, have none.
const (
	// minPassword is that of passwords and of keys that services present to
	// each other. NIST SP 800-63B-4 asks for 15 of a password that stands alone.
	minPassword = 16
	// minSigningKey is that of keys that sign tokens: RFC 7518 section 3.2 asks
	// for 256 bits with HS256, which are 32 characters of a byte each.
	minSigningKey = 32
)

// credentials are the Secrets that the platform has anyway. Those of databases
// follow from its databases.
func credentials(wildcard string) []Credential {
	return []Credential{
		{"postgres-credentials", SecretOpaque, []CredentialKey{
			composed("POSTGRES_USER", FormatText), atLeast(minPassword, "POSTGRES_PASSWORD"), composed("POSTGRES_DB", FormatText),
			atLeast(minPassword, "REPLICATION_PASSWORD"), atLeast(minPassword, "GATEWAY_PASSWORD"), composed("DATABASE_URL", FormatURL),
		}},
		{"edd-cloud-auth", SecretOpaque, []CredentialKey{
			atLeast(minSigningKey, "JWT_SECRET"), {Name: "DEFAULT_USERNAME", Format: FormatText}, atLeast(minPassword, "DEFAULT_PASSWORD"),
		}},
		{"edd-cloud-admin", SecretOpaque, texts("ADMIN_USERNAME")},
		{"service-api-key", SecretOpaque, []CredentialKey{atLeast(minPassword, "SERVICE_API_KEY")}},
		{"gfs-jwt-secret", SecretOpaque, []CredentialKey{atLeast(minSigningKey, "GFS_JWT_SECRET")}},
		{"discord-webhook-url", SecretOpaque, []CredentialKey{{Name: "WEBHOOK_URL", Format: FormatURL}}},
		{"regcred", SecretDockerConfigJSON, []CredentialKey{{Name: ".dockerconfigjson", Format: FormatDockerConfigJSON}}},
		{wildcard, SecretTLS, []CredentialKey{{Name: "tls.crt", Format: FormatPEM}, {Name: "tls.key", Format: FormatPEM}}},
	}
}

// databaseKeys are those of the Secret of a service's database.
func databaseKeys() []CredentialKey {
	return []CredentialKey{composed("DATABASE_URL", FormatURL), atLeast(minPassword, "PASSWORD")}
}

func atLeast(length int, name string) CredentialKey {
	return CredentialKey{Name: name, Format: FormatText, MinLength: length}
}

func composed(name string, format CredentialFormat) CredentialKey {
	return CredentialKey{Name: name, Format: format, Composed: true}
}

func texts(names ...string) []CredentialKey {
	keys := make([]CredentialKey, 0, len(names))
	for _, name := range names {
		keys = append(keys, CredentialKey{Name: name, Format: FormatText})
	}
	return keys
}

// encryptionKey is the one further value whose form is known: the gateway, which
// reads it where it is there, ends at its start with any other.
const encryptionKey = "gateway-token-key/TOKEN_ENCRYPTION_KEY"

// furtherKeys are those of a Secret that the stack file lists.
func furtherKeys(secret string, names []string) []CredentialKey {
	keys := texts(names...)
	for i := range keys {
		if secret+"/"+keys[i].Name == encryptionKey {
			keys[i].Format = FormatHex
		}
	}
	return keys
}

// KubernetesSecrets is every Secret of the namespace by name: the platform's,
// one for each database, and the further ones of the stack file. Who writes
// that of the wildcard certificate, [WildcardTLS.Source] tells.
func (c *EddCloud) KubernetesSecrets() []Credential {
	list := credentials(c.TLS.Secret)
	for _, database := range c.Postgres.Databases {
		list = append(list, Credential{database.Secret, SecretOpaque, databaseKeys()})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		list = append(list, Credential{name, SecretOpaque, furtherKeys(name, c.Credentials[name])})
	}
	slices.SortStableFunc(list, func(a, b Credential) int { return compareKeys(a.Name, b.Name) })
	return list
}

// DatabaseSecrets are the Secrets of the services' databases.
func (c *EddCloud) DatabaseSecrets() []string {
	var names []string
	for _, database := range c.Postgres.Databases {
		names = append(names, database.Secret)
	}
	return names
}

// validateCredentials checks that no two Secrets have one name: the second
// would overwrite the first.
func (c *EddCloud) validateCredentials(into *collector) {
	taken := map[string]bool{}
	for _, own := range credentials(c.TLS.Secret) {
		if own.Name == c.TLS.Secret && taken[own.Name] {
			into.add("tls.secret", "choose another, such as "+DefaultWildcardSecret, "%q is another Secret of the platform", own.Name)
		}
		taken[own.Name] = true
	}
	for i, database := range c.Postgres.Databases {
		if taken[database.Secret] {
			into.add(fmt.Sprintf("postgres.databases[%d].secret", i), "choose another", "%q is a Secret of the platform", database.Secret)
		}
	}
	for _, database := range c.Postgres.Databases {
		taken[database.Secret] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		key := "credentials[" + name + "]"
		if into.name(key, name, "a Secret") && taken[name] {
			into.add(key, "choose another name", "%q is a Secret of the platform", name)
		}
		into.secretKeys(key, c.Credentials[name])
	}
}

// secretKeys checks the keys of a Secret.
func (c *collector) secretKeys(key string, names []string) {
	if len(names) == 0 {
		c.add(key, "list its keys", "it has no key")
	}
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", key, i)
		switch {
		case len(validation.IsConfigMapKey(name)) != 0:
			c.add(at, "write letters, digits, dashes, dots or underscores", "%s is not a key of a Secret", orEmpty(name))
		case slices.Index(names, name) < i:
			c.add(at, "remove one of the two", "%q is listed already", name)
		}
	}
}
