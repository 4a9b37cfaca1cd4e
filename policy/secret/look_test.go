package secret

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The texts are put together from parts, so that no scanner of repositories
// takes this file for a leak.
func TestFormOf(t *testing.T) {
	letters := strings.Repeat("Ab1", 30)
	for want, texts := range map[string][]string{
		"a private key":   {"-----BEGIN " + "RSA PRIVATE KEY-----\nMII", "-----BEGIN " + "PRIVATE KEY-----", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----"},
		"an age key":      {"AGE-SECRET" + "-KEY-1" + strings.Repeat("Q", 58)},
		"a key of AWS":    {"AKIA" + "IOSFODNN7EXAMPLE"},
		"a key of Google": {"AIza" + letters[:35]},
		"a token of GitHub": {
			"gho_" + letters[:36], "ghp_" + letters[:36], "ghr_" + letters[:36], "ghs_" + letters[:36], "ghu_" + letters[:36], "github_pat_" + letters[:22],
		},
		"a token of GitLab":      {"glpat-" + letters[:20], "glrt-" + letters[:20], "gldt-" + letters[:20], "glsoat-" + letters[:20]},
		"a token of Slack":       {"xoxb-" + letters[:12], "https://hooks.slack.com/services/" + letters[:24]},
		"a webhook of Discord":   {"https://discord.com/api/webhooks/123/" + letters},
		"a key of Stripe":        {"sk_live_" + letters[:24]},
		"a key of SendGrid":      {"SG." + letters[:22] + "." + letters[:43]},
		"a key of a model's API": {"sk-" + letters[:48], "sk-ant-" + letters[:48]},
		"a token of npm or PyPI": {"npm_" + letters[:36], "pypi-" + letters[:60]},
		"a token of Docker":      {"dckr_pat_" + letters[:27]},
		"a token of Vault":       {"hvs." + letters[:24], "hvb." + letters[:24]},
		"a token of Pulumi":      {"pul-" + strings.Repeat("a0", 20)},
		"a token of Infisical":   {"st." + strings.Repeat("a0", 12) + "." + strings.Repeat("b1", 16)},
		"a JSON Web Token":       {"eyJhbGciOiJI." + "eyJzdWIiOiIx." + "c2lnbmF0dXJl"},
		"a login of a registry":  {`{"auths": {"a": {"auth": "` + "dXNlcjpwYXNz" + `"}}}`},
		"a header that logs in":  {"Authorization: Bearer " + letters[:20], "basic " + letters[:20] + "=", "AUTHORIZATION: BEARER " + letters[:20]},
		"a password of Redis":    {"dir /data\nrequirepass hunter2", `requirepass "hunter2"`},
		"a URL with a password":  {"postgres://user:hunter2@db:5432/app", "redis://:hunter2@redis/0", "see https://a:b@example.org"},
		"": {
			"", "https://example.org:8443/a@b", "postgres://user@db:5432/app", "postgres://user:$(PASSWORD)@db/app", "postgres://user:${PASSWORD}@db/app",
			"redis://:{{ .Value }}@redis/0", "amqp://user:<password>@mq", "amqp://user:****@mq", "postgres://user:%s@db", "requirepass $PASSWORD", "# requirepass foobared",
			`requirepass "{{ .Value }}"`, "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "AKIA-and-others", "bearer token", "basic auth",
			"https://discord.com/api/webhooks", "ghp_short", "xoxb-", `"auth": "basic"`, "sk-learn",
		},
	} {
		for _, text := range texts {
			assert.Equal(t, want, FormOf(text), text)
		}
	}
	assert.Len(t, forms, 20, "a form without a text above")
}

func TestNamed(t *testing.T) {
	for _, name := range []string{
		"PASSWORD", "DB_PASSWORD", "dbPassword", "GF_SECURITY_ADMIN_PASSWORD", "JWT_SECRET", "api-key", "APIKEY", "apiKey", "auth.token", "SECRET_KEY", "DB_PASS",
		"AWS_SECRET_ACCESS_KEY", "credentials", "passphrase", "SIGNING_KEY",
	} {
		assert.True(t, Named(name, "hunter2"), name)
	}
	for _, name := range []string{
		"TOKEN_TTL", "PASSWORD_FILE", "SECRET_NAME", "secretName", "COMPASS", "BYPASS", "PASSES", "MONKEY", "KEY", "KEYS", "TOKENS", "USER", "",
	} {
		assert.False(t, Named(name, "hunter2"), name)
	}
	for _, value := range []string{
		"", "true", "off", "Required", "3600", "15m", "0.5s", "/run/secrets/password", "file:/run/a", "$(PASSWORD)", "${PASSWORD}", "{{ .Value }}", "<password>",
		"%s", "****", "xxxx", ":password", "$PASSWORD", "a-$(B)",
	} {
		assert.False(t, Named("PASSWORD", value), value)
	}
	for _, value := range []string{"changeme", "123456", "a", "trueblue", "15min", "Pa$$word1", "100%secret", "a{b}c", "<b1", "a:b", "$a-b"} {
		assert.True(t, Named("PASSWORD", value), value)
	}
}

func TestAssigned(t *testing.T) {
	for _, text := range []string{
		"password = 'correct horse'", "password: hunter2", `{"apiKey": "abcdefgh"}`, "--db-password=hunter2", "PGPASSWORD=hunter2 psql", "a: 1\ntoken: \"abcdefg\"\n",
	} {
		assert.True(t, assigned(text), text)
	}
	for _, text := range []string{
		"", "password = get_password()", "password = os.environ['DB1']", "password: $(PASSWORD1)", "--token-file=/run/token1", "PGPASSWORD=$POSTGRES_PASSWORD1", "password: short",
		"token: abc1", `\getenv password ROLE_PASSWORD_0`, "ALTER ROLE :\"role\" PASSWORD :'password'", `"token": "API_TOKEN"`, "password = argument", "secretName: tls-2048", "the password: unknown",
	} {
		assert.False(t, assigned(text), text)
	}
}

func TestHoldsRandom(t *testing.T) {
	bytes := []byte{}
	for i := range 48 { // the same at each run, and spread as random ones are
		bytes = append(bytes, byte(i*i*37+i*101+89))
	}
	standard, url := base64.StdEncoding.EncodeToString(bytes), base64.RawURLEncoding.EncodeToString(bytes)
	const alphabet = "tK7pQ2mX9vR4bN8cW3jL6hD5"
	for _, text := range []string{standard, url, alphabet, "value=" + alphabet + ";", alphabet[:shortestRandom], "https://example.org/?sig=" + alphabet} {
		assert.True(t, HoldsRandom(text), text)
	}
	for name, text := range map[string]string{
		"empty": "", "words": "the quick brown fox jumps over the lazy dog and so on", "short": alphabet[:shortestRandom-1],
		"UUID": "6F2F4C5E-1a1b-4222-8333-444455556666", "digest": "app@sha256:" + hex.EncodeToString(bytes[:32]), "commit": hex.EncodeToString(bytes[:20]),
		"camel case": "DatabaseConnectionPoolMaximumSize2", "constant": "OAUTH_2_CLIENT_REGISTRATION_ENDPOINT_URL_V2",
		"path": "/usr/share/Postgresql/16/Extension/PgStatStatements1", "address": "https://login.example.org/" + alphabet + "/v2.0",
		"integrity": "sha384-" + standard, "picture": "iVBORw0KGgo" + standard, "data": "data:image/svg+xml;base64," + standard, "vector": "PHN2Zy" + standard,
		"certificate": "-----BEGIN CERTIFICATE-----\n" + standard + "\n-----END CERTIFICATE-----", "SSH's public key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA" + standard,
		"no capitals": strings.ToLower(alphabet), "no small letters": strings.ToUpper(alphabet),
		"data of a file": strings.Repeat(alphabet, 20), "letters": strings.Repeat("aB", 20), "one of three": strings.Repeat("aB1", 8),
		"pod": "backend-7d9f8b6c5d-x2x4z", "image": "example.org/team/app-backend:20260215-062053", "query": `sum(rate(http_requests_total{job="a"}[5m])) by (le)`,
	} {
		assert.False(t, HoldsRandom(text), name)
	}
}

func TestLookTellsNoSecret(t *testing.T) {
	for _, text := range []string{"postgres://user:hunter2@db", "tK7pQ2mX9vR4bN8cW3jL6hD5", "password: hunter2", "hunter2"} {
		why := Look("PASSWORD", text)
		assert.NotEmpty(t, why)
		assert.NotContains(t, why, "hunter2")
		assert.NotContains(t, why, text)
	}
}
