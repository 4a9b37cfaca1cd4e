package config

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// infisicalOfCore keeps the values of Edd Cloud's fixture in Infisical, one of
// them elsewhere.
func infisicalOfCore(value string, place map[string]any) []change {
	return on("secrets", map[string]any{"source": "infisical", "infisical": map[string]any{
		"url": "https://infisical.eddisonso.com", "project": "c3d9e1a7-84f6-4b20-a1de-70b95f2c6e18", "environment": "prod",
		"values": map[string]any{value: place},
	}})
}

func TestInfisicalRejects(t *testing.T) {
	const url = "secrets.infisical.url"
	const form = "write scheme and host, such as https://infisical.example.org,"
	const project, noProject = "write the project's ID, which Infisical shows under Project Settings, General, Copy Project ID,", "it is no UUID of 32 lower-case hexadecimal digits with dashes"
	const environment = "write its slug as Infisical shows it under Project Settings, Environments, such as prod,"
	const noEnvironment = "it is not the slug of an environment: lower-case letters, digits and single dashes between them, 64 at most"
	const folder = "write it as /, /shared or /shared/database"
	const noFolder = "it is not the path of a folder: from the root on, letters, digits, dashes and underscores between single slashes, none at the end"
	const noName = "it is not a DNS name: lower-case letters, digits, dashes and dots"
	const noLabel = "it is not a DNS label: lower-case letters, digits and dashes, 63 characters at most"
	rows := map[string]bad{
		"no address":               {on(url, absent), url, "it is empty", form},
		"address without scheme":   {on(url, "infisical.epfl.ch"), url, "it is not the address of a server", form},
		"address of a port alone":  {on(url, "https://:8443"), url, "it is not the address of a server", form},
		"address that is not one":  {on(url, "https://infisical epfl"), url, "it is not the address of a server", form},
		"blank behind the address": {on(url, "https://infisical.epfl.ch "), url, "it is not the address of a server", form},
		"blank behind a path":      {on(url, "https://infisical.epfl.ch/vault "), url, "it is not the address of a server", form},
		"user in the address":      {on(url, "https://me:hunter2@infisical.epfl.ch"), url, "it holds a user name or a password", "take them out, change them, and " + form},
		"query":                    {on(url, "https://infisical.epfl.ch?a=hunter2"), url, "it has a query or a fragment", "cut them off"},
		"empty fragment":           {on(url, "https://infisical.epfl.ch#"), url, "it has a query or a fragment", "cut them off"},
		"address in clear":         {on(url, "http://infisical.epfl.ch"), url, "it sends credentials and secrets in clear", "write https"},
		"private address in clear": {on(url, "http://10.0.0.1"), url, "it sends credentials and secrets in clear", "write https"},
		"another scheme":           {on(url, "ftp://infisical.epfl.ch"), url, "its scheme is not https", form},
		"address of the API":       {on(url, "https://infisical.epfl.ch/api"), url, "it ends in /api, which the program adds itself", "cut that off"},
		"API and a slash":          {on(url, "https://infisical.epfl.ch/vault/api/"), url, "it ends in /api, which the program adds itself", "cut that off"},
		"slash at the end":         {on(url, "https://infisical.epfl.ch/"), url, "it has a slash at its end, or two in a row", "cut it off"},
		"two slashes":              {on(url, "https://infisical.epfl.ch//vault"), url, "it has a slash at its end, or two in a row", "cut it off"},
		"no project":               {on("secrets.infisical.project", absent), "secrets.infisical.project", noProject, project},
		"slug of a project":        {on("secrets.infisical.project", "co2-calculator-x1y2"), "secrets.infisical.project", noProject, project},
		"project in capitals":      {on("secrets.infisical.project", "6B0A4F0E-2D53-4C1A-9F2B-5D3F0C8E7A41"), "secrets.infisical.project", noProject, project},
		"no environment":           {on("secrets.infisical.environment", absent), "secrets.infisical.environment", noEnvironment, environment},
		"name of an environment":   {on("secrets.infisical.environment", "Production"), "secrets.infisical.environment", noEnvironment, environment},
		"blank environment":        {on("secrets.infisical.environment", "prod "), "secrets.infisical.environment", noEnvironment, environment},
		"environment of dashes":    {on("secrets.infisical.environment", "a--b"), "secrets.infisical.environment", noEnvironment, environment},
		"long environment":         {on("secrets.infisical.environment", strings.Repeat("a", 65)), "secrets.infisical.environment", noEnvironment, environment},
		"relative path":            {on("secrets.infisical.path", "co2"), "secrets.infisical.path", noFolder, folder},
		"path with a slash":        {on("secrets.infisical.path", "/co2/"), "secrets.infisical.path", noFolder, folder},
		"path with a dot":          {on("secrets.infisical.path", "/co2/.."), "secrets.infisical.path", noFolder, folder},
		"path with a blank":        {on("secrets.infisical.path", "/co 2"), "secrets.infisical.path", noFolder, folder},
		"pasted certificate":       {on("secrets.infisical.caCertificate", "-----BEGIN CERTIFICATE-----\nAA=="), "secrets.infisical.caCertificate", "it has several lines, and this key holds the path of a file", "write the path of the file that holds it"},
		"attempt without time":     {on("secrets.infisical.attemptTimeout", "-1s"), "secrets.infisical.attemptTimeout", "-1s leaves no time for an answer", "write one such as 10s"},
		"attempt over the whole":   {on("secrets.infisical.attemptTimeout", "46s"), "secrets.infisical.attemptTimeout", "46s for one request is over platform:secrets.infisical.timeout for all of them, 45s", "lower it, or raise the other,"},
		"no time":                  {on("secrets.infisical.timeout", "-1s"), "secrets.infisical.timeout", "-1s leaves no time for an answer", "write one such as 45s"},
		"too much time":            {on("secrets.infisical.timeout", "10m1s"), "secrets.infisical.timeout", "10m1s is over the most of 10m0s", "lower it to 10m0s or less"},
		"unknown delivery":         {on("secrets.delivery", "hunter2"), "secrets.delivery", "it is none of the values that it can have", "choose one of pulumi, operator"},
		"operator without auth":    {[]change{{"secrets.delivery", "operator"}, {"secrets.infisical.auth.name", absent}}, "secrets.infisical.auth.name", noName, "write the name of a resource InfisicalAuth of the operator"},
		"operator of nowhere":      {[]change{{"secrets.delivery", "operator"}, {"secrets.infisical.auth.namespace", absent}}, "secrets.infisical.auth.namespace", noLabel, "write the namespace of that resource"},
		"auth in capitals":         {on("secrets.infisical.auth.name", "Hunter2"), "secrets.infisical.auth.name", noName, "write the name of a resource InfisicalAuth of the operator"},
		"namespace with a dot":     {on("secrets.infisical.auth.namespace", "a.b"), "secrets.infisical.auth.namespace", noLabel, "write the namespace of that resource"},
	}
	for _, source := range []SecretSource{SourceGenerated, SourceFixed} {
		rows["operator beside "+string(source)] = bad{
			[]change{{"secrets.delivery", "operator"}, {"secrets.source", string(source)}, {"render.directory", "out"}},
			"secrets.delivery",
			"the operator reads every value from Infisical itself, so values of the source " + string(source) + " would never reach the cluster",
			"choose pulumi, or infisical as platform:secrets.source,",
		}
	}
	for _, source := range []string{"generated", "masked"} { // settings that are kept for later are checked now
		rows["settings beside "+source] = bad{
			[]change{{"secrets.source", source}, {"secrets.infisical.project", "x"}}, "secrets.infisical.project", noProject, project,
		}
	}
	reject(t, rows)
	accept(t, map[string][]change{
		"one host":                on(url, "https://localhost"),
		"below a path":            on(url, "https://epfl.ch/tools/infisical"),
		"a path that is no API":   on(url, "https://epfl.ch/my-api"),
		"port":                    on(url, "https://infisical.epfl.ch:8443"),
		"environment of digits":   on("secrets.infisical.environment", "2026-prod"),
		"longest environment":     on("secrets.infisical.environment", strings.Repeat("a", 64)),
		"deep path":               on("secrets.infisical.path", "/EPFL/co2_calculator/prod-1"),
		"attempt as the whole":    on("secrets.infisical.attemptTimeout", "45s"),
		"most time":               on("secrets.infisical.timeout", "10m"),
		"operator":                on("secrets.delivery", "operator"),
		"operator, masked":        {{"secrets.delivery", "operator"}, {"secrets.source", "masked"}},
		"masked":                  on("secrets.source", "masked"),
		"masked alone":            on("secrets", map[string]any{"source": "masked"}),
		"generated":               on("secrets.source", "generated"),
		"generated alone":         on("secrets", map[string]any{"source": "generated"}),
		"no auth for this way":    on("secrets.infisical.auth", absent),
		"auth kept for the other": {{"secrets.delivery", "pulumi"}},
	})
}

func TestSecretDefaults(t *testing.T) {
	c, err := parseChanged(t, on("secrets.infisical.timeout", "4s")...)
	require.NoError(t, err)
	assert.Equal(t, 4*time.Second, c.Secrets.Infisical.AttemptTimeout, "one request has no more time than all of them")
	c, err = parseChanged(t, on("secrets", map[string]any{"source": "generated"})...)
	require.NoError(t, err)
	assert.Equal(t, Secrets{Source: SourceGenerated, Delivery: DeliveryPulumi}, c.Secrets, "settings that nobody asks for are not filled in")
}

// All that is wrong with the settings is reported in one run.
func TestSecretErrorsComeAllAtOnce(t *testing.T) {
	_, err := parseChanged(t, on("secrets", map[string]any{
		"source": "infisical", "delivery": "operator", "infisical": map[string]any{
			"url": "infisical", "project": 3, "path": "x", "timeout": "1h", "attemptTimeout": "x", "vault": "x",
			"values": map[string]any{"redis-auth/pasword": map[string]any{}, "redis-auth/password": map[string]any{"optional": true, "path": "a", "name": "a b"}},
		},
	})...)
	const at = "secrets.infisical."
	assert.Equal(t, []string{
		at + "attemptTimeout", at + "auth.name", at + "auth.namespace", at + "environment", at + "path", at + "project", at + "timeout", at + "url",
		at + "values[redis-auth/password].name", at + "values[redis-auth/password].optional", at + "values[redis-auth/password].path",
		at + "values[redis-auth/pasword]", at + "vault",
	}, keysOf(t, err))
	_, err = parseChanged(t, on("secrets", map[string]any{"source": "infisical"})...)
	assert.Equal(t, []string{at + "environment", at + "project", at + "url"}, keysOf(t, err), "what has no default is asked for")
	_, err = parseChanged(t, on("secrets", map[string]any{"source": "masked", "delivery": "operator"})...)
	assert.Equal(t, []string{at + "auth.name", at + "auth.namespace", at + "environment", at + "project", at + "url"}, keysOf(t, err),
		"the operator is told where values are, whoever knows them")
	_, err = parseChanged(t, change{"secrets.delivery", "operator"}, change{"secrets.source", 3})
	assert.Equal(t, []string{"secrets.source"}, keysOf(t, err), "whether the operator may deliver depends on the source")
	_, err = parseChanged(t, change{"secrets.infisical", map[string]any{"path": "/co2"}}, change{"secrets.source", "generated"})
	assert.Equal(t, []string{at + "environment", at + "project", at + "url"}, keysOf(t, err), "one setting asks for the others")
}
