package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What looks like tokens of Infisical: a service token of today and one of old,
// and the beginning of an access token. All are made up.
var tokens = map[string]string{
	"service token":         "st.bf0f3ab9-0f5d-4ee2-9a1d-3c5b7a9d1e2f.0123456789abcdef0123456789abcdef",
	"service token and key": "st.64b7c0d1e2f3a4b5c6d7e8f9.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210",
	"access token":          "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpZGVudGl0eUlkIjoiYWJjIn0.c2lnbmF0dXJl",
}

const (
	fromEnvironmentAlone = "remove it from Pulumi.prod.yaml and set INFISICAL_UNIVERSAL_AUTH_CLIENT_ID and INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET, " +
		"or INFISICAL_TOKEN, in the environment of the command"
	looksLikeToken = "it looks like a token of Infisical, and a stack file holds no credentials"
	namedAsOne     = "its name is that of a credential, and a stack file holds no credentials"
)

// credential is one that no message may quote.
const credential = "hunter2"

func TestStackFileHoldsNoCredentials(t *testing.T) {
	for name, content := range map[string]string{
		"redis":          "config: {'platform:redis': {secure: hunter2}}",
		"redis.password": "config: {'platform:redis': {password: {secure: hunter2}}}",
		"redis.image":    "config: {'platform:redis': {image: {secure: hunter2}}}",
		"environment":    "config: {environment: {secure: hunter2}}",
	} {
		_, err := ParseYAML[EPFL](testStack, []byte(content))
		assert.Contains(t, keysOf(t, err), name)
		assert.NotContains(t, err.Error(), credential)
	}
	_, err := parseChanged(t, on("edge.host", map[string]any{"secure": credential})...)
	assert.Equal(t, Errors{{
		Key: "edge.host", Stack: testStack, Why: "it is marked secret, and a stack file holds no credentials",
		Remedy: "keep credentials in the source that platform:secrets.source names and remove the key from Pulumi.prod.yaml",
	}}, err)
}

func TestStackFileHoldsNoTokenOfInfisical(t *testing.T) {
	for name, token := range tokens {
		for _, value := range []string{token, "Bearer " + token, "https://x:" + token + "@infisical.epfl.ch"} {
			for _, path := range []string{
				"secrets", "secrets.source", "secrets.infisical", "secrets.infisical.url", "secrets.infisical.project", "secrets.infisical.timeout",
				"secrets.infisical.values", "secrets.infisical.values[redis-auth/password]", "secrets.infisical.values[redis-auth/password].name",
				"environment", "protect", "redis", "backend.oauth.clientId", "topology.nodes[0].labels[disk]", "backend.egress[0].except[0]",
			} {
				_, err := parseChanged(t, on(path, value)...)
				assert.Contains(t, problemsOf(t, err), Error{
					Key: path, Stack: testStack, Why: looksLikeToken, Remedy: "revoke it there; " + fromEnvironmentAlone,
				}, "%s at %s", name, path)
				assertSilent(t, err, token)
			}
		}
		_, err := parseChanged(t, change{"secrets.infisical.values[" + token + "].name", "x"}, change{"redis." + strings.ReplaceAll(token, ".", "_"), "x"})
		assert.Contains(t, keysOf(t, err), "secrets.infisical.values[…]", name)
		for _, put := range []func(map[string]string){
			func(flat map[string]string) { flat[token] = "x" },
			func(flat map[string]string) { flat["secrets"] = `{"infisical": {"` + token + `": "x"}}` },
			func(flat map[string]string) { flat["secrets"] = `{"infisical": {"url": "` + token + `"}` },
			func(flat map[string]string) { flat["unheard"] = token },
		} {
			flat := raw(t, fixture(t, epflFixture))
			put(flat)
			_, err := Parse[EPFL](testStack, flat)
			require.Error(t, err, name)
			assertSilent(t, err, token)
		}
		for _, content := range []string{"%s: x", "config: {'%s': x}", "config: {'a:%s': x}", "config: {platform:secrets: {%s: yes}}", "config: {platform:services: {docs: {env: {? !!str %s : 017}}}}"} {
			_, err := ParseYAML[EPFL](testStack, fmt.Appendf(nil, content, token))
			require.Error(t, err, name)
			assertSilent(t, err, token)
		}
	}
}

// assertSilent checks that an error holds no part of a token that would be of
// use to anybody.
func assertSilent(t *testing.T, err error, token string) {
	t.Helper()
	for _, part := range strings.Split(token, ".")[1:] {
		assert.NotContains(t, err.Error(), part)
	}
}

func problemsOf(t *testing.T, err error) Errors {
	t.Helper()
	var problems Errors
	require.ErrorAs(t, err, &problems)
	return problems
}

// Below secrets the beginning of a token is enough; elsewhere hosts and images
// begin like one.
func TestWhatIsNoToken(t *testing.T) {
	accept(t, map[string][]change{
		"host":           on("edge.host", "st.infisical.epfl.ch"),
		"image":          on("redis.image", "st.registry.example.org/redis:7.4-alpine"),
		"word":           on("backend.oauth.clientId", "eyJ"),
		"file":           on("secrets.infisical.caCertificate", "st.pem"),
		"environment":    on("secrets.infisical.environment", "eyj-prod"),
		"word before st": on("backend.oauth.clientId", "best.bf0f3ab90f5d4ee29a1d.0123456789abcdef"),
	})
	for _, start := range []string{"st.0123456789", " eyJhbGciOiJ"} {
		_, err := parseChanged(t, on("secrets.infisical.environment", start)...)
		assert.Equal(t, looksLikeToken, problemsOf(t, err)[0].Why)
	}
}

func TestStackFileHoldsNoKeysOfCredentials(t *testing.T) {
	for path, remedy := range map[string]string{
		"secrets.token":                                          fromEnvironmentAlone,
		"secrets.INFISICAL_URL":                                  fromEnvironmentAlone,
		"secrets.infisical.clientId":                             fromEnvironmentAlone,
		"secrets.infisical.client_secret":                        fromEnvironmentAlone,
		"secrets.infisical.clientSecret":                         fromEnvironmentAlone,
		"secrets.infisical.accessToken":                          fromEnvironmentAlone,
		"secrets.infisical.serviceToken":                         fromEnvironmentAlone,
		"secrets.infisical.Password":                             fromEnvironmentAlone,
		"secrets.infisical.universalAuth":                        fromEnvironmentAlone,
		"secrets.infisical.infisical_token":                      fromEnvironmentAlone,
		"secrets.infisical.auth.clientSecret":                    fromEnvironmentAlone,
		"secrets.infisical.values[redis-auth/password].password": fromEnvironmentAlone,
		"INFISICAL_TOKEN":                                        fromEnvironmentAlone,
		"infisical_universal_auth_client_id":                     fromEnvironmentAlone,
		"services[api].env[INFISICAL_TOKEN]":                     fromEnvironmentAlone,
		"redis.INFISICAL_TOKEN":                                  fromEnvironmentAlone,
		"redis.password":                                         "keep credentials in the source that platform:secrets.source names and remove the key from Pulumi.prod.yaml",
		"clientSecret":                                           "keep credentials in the source that platform:secrets.source names and remove the key from Pulumi.prod.yaml",
	} {
		for _, value := range []any{credential, map[string]any{"a": credential}, []any{credential}, nil} {
			_, err := parseChanged(t, on(path, value)...)
			assert.Contains(t, problemsOf(t, err), Error{Key: path, Stack: testStack, Why: namedAsOne, Remedy: remedy})
			assert.NotContains(t, err.Error(), credential)
		}
	}
	acceptCore(t, map[string][]change{
		"a variable that names a Secret": on("services[blog].secrets[INFISICAL_TOKEN]", "blog-api/KEY"),
		"a variable that is no secret":   on("services[blog].env[INFISICAL_API_URL]", "https://infisical.eddisonso.com"),
	})
}

// No message repeats a value below secrets, whatever stands where.
func TestValuesBelowSecretsAreNeverQuoted(t *testing.T) {
	values := []any{credential, []any{credential}, map[string]any{"a": credential}, map[string]any{"secure": credential}, json.Number("20260215062053")}
	for path := range pathsOf("", map[string]any{"secrets": fixture(t, epflFixture)["secrets"]}, reflect.TypeFor[EPFL]()) {
		for _, wrong := range append(values, path+"\n") {
			_, err := parseChanged(t, on(path, wrong)...)
			if err == nil {
				continue // a name, such as that of a file, is free
			}
			assert.NotContains(t, err.Error(), credential, path)
			assert.NotContains(t, err.Error(), "20260215062053", path)
			assert.NotContains(t, err.Error(), `\n`, path)
		}
	}
	_, err := parseChanged(t, on("secrets.infisical.timeout", credential)...)
	assert.Equal(t, Errors{{
		Key: "secrets.infisical.timeout", Stack: testStack, Why: "it is not a duration", Remedy: "write it as 30s or 5m in Pulumi.prod.yaml",
	}}, err)
	_, err = parseChanged(t, on("secrets.infisical.project", 3)...)
	assert.Equal(t, Errors{{
		Key: "secrets.infisical.project", Stack: testStack, Why: "this is a number, and this key holds text", Remedy: "put it in quotes in Pulumi.prod.yaml",
	}}, err)
	_, err = parseChanged(t, on("secrets.infisical.url", map[string]any{"secure": credential})...)
	assert.Equal(t, Errors{{
		Key: "secrets.infisical.url", Stack: testStack, Why: "it is marked secret, and a stack file holds no credentials", Remedy: fromEnvironmentAlone,
	}}, err)
}

// The parser of YAML repeats values: those that begin with a star, for one.
func TestBrokenYAMLIsNotQuoted(t *testing.T) {
	for _, content := range []string{
		"config: {platform:redis: {password: *hunter2}}", "config: {a: !!int hunter2}", "config: {a: !!float 'hunter2'}", "? [hunter2]\n: x", "hunter2",
		"config: hunter2", "config: [hunter2]", "- hunter2: [",
	} {
		_, err := ParseYAML[EPFL](testStack, []byte(content))
		require.ErrorContains(t, err, "Pulumi.prod.yaml")
		assert.NotContains(t, err.Error(), credential)
	}
}
