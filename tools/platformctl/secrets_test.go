package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// template runs secrets template for a stack with an empty environment: no
// cluster, no tools, no credentials.
func template(t *testing.T, stack string, args ...string) (string, error) {
	t.Helper()
	t.Setenv("PATH", "")
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	t.Setenv("PLATFORM_CACHE", filepath.Join(t.TempDir(), "none"))
	cmd := newSecrets(&flags{root: ".", stack: stack})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return printed(t, cmd, append([]string{"template"}, args...)...)
}

// golden is what the table and the variables of a stack are, together.
func golden(t *testing.T, stack string) string {
	t.Helper()
	content, err := os.ReadFile("../secrets/testdata/" + stack + ".golden.txt")
	require.NoError(t, err)
	return string(content)
}

func TestSecretsTemplatePrintsTableAndVariables(t *testing.T) {
	for _, stack := range []string{"prod", "k3s", "local"} {
		both, err := template(t, stack)
		require.NoError(t, err)
		assert.Equal(t, golden(t, stack), both)
		list, err := template(t, stack, "--format", "table")
		require.NoError(t, err)
		variables, err := template(t, stack, "--format", "env")
		require.NoError(t, err)
		assert.Equal(t, both, list+"\n"+variables)
	}
}

func TestSecretsTemplateWritesAFileOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prod.env")
	list, err := template(t, "prod", "--env", path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, golden(t, "prod"), list+"\n"+string(content))

	require.NoError(t, os.WriteFile(path, []byte("SECRET_KEY=filled in"), 0o600))
	_, err = template(t, "prod", "--env", path)
	require.ErrorContains(t, err, "exists and may hold secrets; delete it or name another with --env")
	content, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "SECRET_KEY=filled in", string(content))
}

func TestSecretsTemplateOfOneFolder(t *testing.T) {
	out, err := template(t, "k3s", "--format", "env", "--folder", "/regcred")
	require.NoError(t, err)
	assert.Contains(t, out, "\n# /regcred\n")
	assert.NotContains(t, out, "JWT_SECRET")
}

func TestSecretsTemplateTellsMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		stack string
		args  []string
		want  string
	}{
		"unknown stack":   {"moon", nil, "is not one of dev, k3s, k3s-local, local, prod, staging"},
		"unknown format":  {"prod", []string{"--format", "yaml"}, `format "yaml": is not one of table, env, both`},
		"unknown folder":  {"prod", []string{"--folder", "/moon"}, "choose one of /backend-secrets, /postgres-credentials, /redis-auth"},
		"file and format": {"prod", []string{"--format", "env", "--env", "x"}, "none of the others can be"},
		"words":           {"prod", []string{"now"}, `unknown command "now"`},
		"no such folder":  {"prod", []string{"--env", filepath.Join(t.TempDir(), "none", "x.env")}, "no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := template(t, tc.stack, tc.args...)
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestSecretsTemplateExplainsItself(t *testing.T) {
	out, err := template(t, "prod", "--help")
	require.NoError(t, err)
	for _, word := range []string{"no cluster, no network", "--format string", "--env string", "--folder string", "platformctl secrets template --stack prod"} {
		assert.Contains(t, out, word)
	}
}
