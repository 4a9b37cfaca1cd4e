package config

import (
	"cmp"
	"path"
	"slices"
)

// secretKeyLength is the length of a made-up SECRET_KEY, in characters. The
// backend signs sessions with it.
const secretKeyLength = 64

// SecretValues is every value that the stack's program asks its secret source
// for. The administrator of a managed database is its operator's own.
func (c *EPFL) SecretValues() []SecretValue {
	list := []SecretValue{
		{Secret: BackendSecret, Key: "DATABASE_PASSWORD", Format: FormatText, MinLength: minPassword},
		{Secret: BackendSecret, Key: "OIDC_CLIENT_SECRET", Format: FormatText, MinLength: minPassword},
		{Secret: BackendSecret, Key: "SECRET_KEY", Format: FormatText, MinLength: minSigningKey, Length: secretKeyLength},
	}
	if c.HasRedis() {
		list = append(list, SecretValue{Secret: RedisSecret, Key: "password", Format: FormatText, MinLength: minPassword})
	}
	if c.Postgres.Mode == PostgresStatefulSet {
		list = append(list, SecretValue{Secret: PostgresSecret, Key: "admin-password", Format: FormatText, MinLength: minPassword})
	}
	return c.Secrets.Infisical.placed(list)
}

// SecretValues is every value that the stack's program asks its secret source
// for: what [EddCloud.KubernetesSecrets] holds, but for what follows from
// other values, and for a certificate that somebody else writes.
func (c *EddCloud) SecretValues() []SecretValue {
	var list []SecretValue
	for _, credential := range c.KubernetesSecrets() {
		if credential.Name == c.TLS.Secret && c.TLS.Source != CertificateProvided {
			continue
		}
		for _, key := range credential.Keys {
			if !key.Composed {
				list = append(list, SecretValue{Secret: credential.Name, Key: key.Name, Format: key.Format, MinLength: key.MinLength})
			}
		}
	}
	return c.Secrets.Infisical.placed(list)
}

// placed says of each value where Infisical keeps it, and sorts them.
func (i Infisical) placed(list []SecretValue) []SecretValue {
	for n := range list {
		value := &list[n]
		place := i.Values[value.String()]
		value.Path = path.Join("/", cmp.Or(place.Path, path.Join(i.Path, value.Secret)))
		value.Name = cmp.Or(place.Name, value.Key)
		value.Optional = place.Optional
	}
	slices.SortStableFunc(list, func(a, b SecretValue) int {
		return cmp.Or(compareKeys(a.Secret, b.Secret), compareKeys(a.Key, b.Key))
	})
	return list
}

// mayBeEmpty reports whether what reads the value can do without it. An empty
// password or key would open a door, and Kubernetes takes no Secret of a type
// without its content.
func (v SecretValue) mayBeEmpty() bool {
	return v.MinLength == 0 && v.Format != FormatPEM && v.Format != FormatDockerConfigJSON
}
