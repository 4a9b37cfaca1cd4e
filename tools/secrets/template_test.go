package secrets

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// of is the template of a stack of this checkout.
func of(t *testing.T, stack string) Template {
	t.Helper()
	cfg, err := config.ReadFile(stack, "../../Pulumi."+stack+".yaml")
	require.NoError(t, err)
	return Template{Stack: stack, Config: cfg}
}

func (t Template) text() string {
	var out bytes.Buffer
	t.Table(&out)
	out.WriteString("\n")
	t.Env(&out)
	return out.String()
}

func TestTemplateGolden(t *testing.T) {
	for _, stack := range []string{"prod", "k3s", "local"} {
		golden, got := "testdata/"+stack+".golden.txt", of(t, stack).text()
		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), got, "run go test ./tools/secrets -update if this is meant")
	}
}

// imported is a line of a file of variables as Infisical's web interface reads
// it: a name, and what follows.
var imported = regexp.MustCompile(`^\s*(?:export\s+)?([\w.:-]+)(?:\s*=\s*?|:\s+?)(.*)$`)

// variables are the lines of a file of variables that are none of its comments.
func variables(t *testing.T, text string) []string {
	t.Helper()
	var names []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		match := imported.FindStringSubmatch(line)
		require.NotNil(t, match, line)
		assert.Empty(t, match[2], "a template has no values")
		assert.NotRegexp(t, `^[0-9]|[ :/]`, match[1], "Infisical's command takes no such name")
		assert.Equal(t, line, match[1]+"=", "its command splits at the first = alone")
		names = append(names, match[1])
	}
	return names
}

// Each folder of each stack can be imported by itself, and no name is lost.
func TestEveryFolderCanBeImported(t *testing.T) {
	for _, stack := range []string{"local", "dev", "staging", "prod", "k3s", "k3s-local"} {
		template, folders := of(t, stack), map[string][]string{}
		for _, value := range template.Config.SecretValues() {
			folders[value.Path] = append(folders[value.Path], value.Name)
		}
		for folder, names := range folders {
			template.Folder = folder
			require.NoError(t, template.Validate())
			var out bytes.Buffer
			template.Env(&out)
			assert.ElementsMatch(t, names, variables(t, out.String()), "%s of %s", folder, stack)
			assert.Contains(t, out.String(), "\n# "+folder+"\n")
		}
	}
}

func TestTemplateOfAnUnknownFolder(t *testing.T) {
	template := of(t, "dev")
	require.NoError(t, template.Validate())
	template.Folder = "/moon"
	require.EqualError(t, template.Validate(),
		`stack dev keeps nothing in folder "/moon" of Infisical; choose one of /backend-secrets, /postgres-credentials, /redis-auth`)
}

// A place that serves two values is one variable; an optional value says so.
func TestTemplateOfPlacesOfOnesOwn(t *testing.T) {
	template := of(t, "k3s")
	template.Config.Shared().Secrets.Infisical.Values = map[string]config.SecretPlace{
		"edd-cloud-auth/JWT_SECRET":       {Path: "/shared", Name: "SIGNING_KEY"},
		"gfs-jwt-secret/GFS_JWT_SECRET":   {Path: "/shared", Name: "SIGNING_KEY"},
		"discord-webhook-url/WEBHOOK_URL": {Path: "/shared", Optional: true},
	}
	template.Folder = "/shared"
	var env bytes.Buffer
	template.Env(&env)
	assert.Equal(t, []string{"SIGNING_KEY", "WEBHOOK_URL"}, variables(t, env.String()))
	assert.Contains(t, template.text(), `
# /shared

# edd-cloud-auth/JWT_SECRET: required, text, at least 32 characters
# gfs-jwt-secret/GFS_JWT_SECRET: required, text, at least 32 characters
SIGNING_KEY=
# discord-webhook-url/WEBHOOK_URL: optional, URL with scheme and host
WEBHOOK_URL=
`)
	assert.Equal(t, 3, strings.Count(template.text(), "│ /shared "))
	assert.NotContains(t, template.text(), "regcred")
}

func TestEveryFormHasWords(t *testing.T) {
	for _, format := range []config.CredentialFormat{
		config.FormatText, config.FormatURL, config.FormatDockerConfigJSON, config.FormatPEM, config.FormatJSON,
	} {
		assert.NotEmpty(t, form(config.SecretValue{Format: format}), format)
	}
	template := of(t, "k3s")
	template.Config.(*config.EddCloud).TLS.Source = config.CertificateProvided
	assert.Contains(t, template.text(), "tls.key=\n")
	assert.Contains(t, template.text(), "PEM, all of the file")
}
