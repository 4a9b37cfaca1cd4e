package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSecretPlacesReject(t *testing.T) {
	const values = "secrets.infisical.values"
	const folder = "write it as /, /shared or /shared/database"
	const noFolder = "it is not the path of a folder: from the root on, letters, digits, dashes and underscores between single slashes, none at the end"
	const shared = "write both path and name if one value is to serve both, or correct it,"
	const opens = "an empty value would open a door, or Kubernetes would refuse it"
	reject(t, map[string]bad{
		"misspelt value": {
			on(values+"[redis-auth/pasword].name", "x"), values + "[redis-auth/pasword]", "the stack asks for no such value",
			"did you mean redis-auth/password? rename it",
		},
		"value of another stack": {
			on(values+"[edd-cloud-auth/JWT_SECRET].name", "x"), values + "[edd-cloud-auth/JWT_SECRET]", "the stack asks for no such value",
			"use one of backend-secrets/DATABASE_PASSWORD, backend-secrets/OIDC_CLIENT_SECRET, backend-secrets/SECRET_KEY, " +
				"postgres-credentials/admin-password, redis-auth/password, or remove it",
		},
		"relative folder":   {on(values+"[redis-auth/password].path", "shared"), values + "[redis-auth/password].path", noFolder, folder},
		"name with a slash": {on(values+"[redis-auth/password].name", "a/b"), values + "[redis-auth/password].name", "it is not a name that Infisical and its imports take", "write letters, digits, dashes, dots or underscores"},
		"name with a colon": {on(values+"[redis-auth/password].name", "a:b"), values + "[redis-auth/password].name", "it is not a name that Infisical and its imports take", "write letters, digits, dashes, dots or underscores"},
		"optional password": {on(values+"[redis-auth/password].optional", true), values + "[redis-auth/password].optional", opens, "remove it"},
		"two folders become one": {
			on(values, map[string]any{
				"redis-auth/password":                 map[string]any{"path": "/shared"},
				"postgres-credentials/admin-password": map[string]any{"path": "/shared", "name": "password"},
				"backend-secrets/DATABASE_PASSWORD":   map[string]any{"name": "password", "path": "/shared"},
				"backend-secrets/SECRET_KEY":          map[string]any{"name": "DATABASE_PASSWORD"},
				"backend-secrets/OIDC_CLIENT_SECRET":  map[string]any{"name": "DATABASE_PASSWORD"},
			}),
			values + "[backend-secrets/SECRET_KEY]", "it is kept where backend-secrets/OIDC_CLIENT_SECRET is", shared,
		},
		"one moves to another": {
			on(values+"[backend-secrets/DATABASE_PASSWORD].name", "SECRET_KEY"),
			values + "[backend-secrets/DATABASE_PASSWORD]", "it is kept where backend-secrets/SECRET_KEY is", shared,
		},
	})
	accept(t, map[string][]change{
		"one value for two": on(values, map[string]any{"backend-secrets/DATABASE_PASSWORD": map[string]any{"path": "/redis-auth", "name": "password"}}),
		"one value for three": on(values, map[string]any{
			"backend-secrets/DATABASE_PASSWORD":   map[string]any{"path": "/shared", "name": "PASSWORD"},
			"postgres-credentials/admin-password": map[string]any{"path": "/shared", "name": "PASSWORD"},
			"redis-auth/password":                 map[string]any{"path": "/shared", "name": "PASSWORD"},
		}),
		"one folder, two names": on(values, map[string]any{
			"postgres-credentials/admin-password": map[string]any{"path": "/shared"},
			"redis-auth/password":                 map[string]any{"path": "/shared"},
		}),
		"root":           on(values+"[redis-auth/password].path", "/"),
		"name of a file": on(values+"[redis-auth/password].name", ".tls.crt"),
		"none at all":    on(values, absent),
	})
}

func TestSecretPlacesOfEddCloudReject(t *testing.T) {
	const values = "secrets.infisical.values"
	const opens = "an empty value would open a door, or Kubernetes would refuse it"
	core := func(value string, place map[string]any, further ...change) []change {
		return append(infisicalOfCore(value, place), further...)
	}
	optional := map[string]any{"optional": true}
	rows := map[string]bad{
		"folder with a dot": {
			core("service-api-key/SERVICE_API_KEY", map[string]any{}, change{"credentials[blog.api]", []any{"KEY"}}),
			values + "[blog.api/KEY].path", "the name of the Secret has a dot, and Infisical takes none in the name of a folder", "write another folder there",
		},
		"composed value": {
			core("postgres-credentials/POSTGRES_DB", map[string]any{"name": "URL"}), values + "[postgres-credentials/POSTGRES_DB]",
			"the stack asks for no such value", "did you mean postgres-credentials/POSTGRES_PASSWORD? rename it",
		},
	}
	for _, value := range []string{"regcred/.dockerconfigjson", "edd-cloud-auth/JWT_SECRET", "postgres-credentials/POSTGRES_PASSWORD"} {
		rows["optional "+value] = bad{core(value, optional), values + "[" + value + "].optional", opens, "remove it"}
	}
	const certificate = "eddisonso-wildcard-tls/tls.crt"
	rows["optional certificate"] = bad{
		core(certificate, optional, change{"tls.source", "secrets"}, change{"tls.email", absent}), values + "[" + certificate + "].optional", opens, "remove it",
	}
	rows["value of another certificate"] = bad{
		core(certificate, map[string]any{}), values + "[" + certificate + "]", "the stack asks for no such value",
		"use one of auth-db-credentials/PASSWORD, blog-api/KEY, compute-db-credentials/PASSWORD, discord-webhook-url/WEBHOOK_URL, " +
			"edd-cloud-admin/ADMIN_USERNAME, edd-cloud-auth/DEFAULT_PASSWORD, edd-cloud-auth/DEFAULT_USERNAME, edd-cloud-auth/JWT_SECRET, " +
			"gfs-jwt-secret/GFS_JWT_SECRET, notification-db-credentials/PASSWORD, postgres-credentials/GATEWAY_PASSWORD, postgres-credentials/POSTGRES_PASSWORD, " +
			"postgres-credentials/REPLICATION_PASSWORD, regcred/.dockerconfigjson, service-api-key/SERVICE_API_KEY, sfs-db-credentials/PASSWORD, or remove it",
	}
	rejectCore(t, rows)
	acceptCore(t, map[string][]change{
		"another folder for a dot": core("blog.api/KEY", map[string]any{"path": "/blog"}, change{"credentials[blog.api]", []any{"KEY"}}),
		"a dot elsewhere":          {{"credentials[blog.api]", []any{"KEY"}}},
		"optional name":            core("edd-cloud-auth/DEFAULT_USERNAME", optional),
		"optional further value":   core("blog-api/KEY", optional),
	})
}

// Which values there are is not known while what they follow from failed.
func TestSecretPlacesWaitForWhatTheyFollowFrom(t *testing.T) {
	_, err := parseChanged(t, change{"postgres.mode", "none"}, change{"secrets.infisical.values[postgres-credentials/admin-password].name", "x"})
	assert.Equal(t, []string{"postgres.mode"}, keysOf(t, err))
	for _, tc := range []struct {
		key   string
		value any
		place string
	}{
		{"postgres.databases", []any{map[string]any{"name": "auth_db", "role": "pg_auth", "secret": "auth-db"}}, "auth-db-credentials/PASSWORD"},
		{"credentials", "x", "blog-api/KEY"},
		{"tls.source", "x", "eddisonso-wildcard-tls/tls.crt"},
		{"tls.secret", "regcred", "eddisonso-wildcard-tls/tls.crt"},
	} {
		_, err := parseCore(t, append(infisicalOfCore(tc.place, map[string]any{"name": "x"}), change{tc.key, tc.value})...)
		assert.ErrorContains(t, err, "platform:"+tc.key)
		assert.NotContains(t, err.Error(), "asks for no such value")
	}
}
