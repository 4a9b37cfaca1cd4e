package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ofEngine is what Pulumi's own reader hands over of a stack file.
func ofEngine(t *testing.T, content string) (map[string]string, error) {
	t.Helper()
	project, err := workspace.LoadProject("../Pulumi.yaml")
	require.NoError(t, err)
	stack, err := workspace.LoadProjectStackBytes(nil, project, []byte(content), "Pulumi.prod.yaml", encoding.YAML)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	for key, value := range stack.Config {
		if key.Namespace() == Namespace {
			text, err := value.Value(nil)
			require.NoError(t, err)
			values[key.Name()] = text
		}
	}
	return values, nil
}

// clearScalars are values without quotes that every reader takes for the same.
var clearScalars = []string{
	"word", "two words", "12", "-3", "0", "0.5", "-1.25", "true", "false", "v1.10", "10.0.0.0/8", "2Gi", "100m", "15 2 * * *",
	"ghcr.io/a/b:v1.0.0", "2001:db8::/32",
}

// unclearScalars are those that some readers take for something else.
var unclearScalars = []string{
	"0001234567890123456", "yes", "No", "on", "OFF", "y", "N", "True", "FALSE", "017", "0o17", "0x1F", "0b11", "1_000", "+5", "08",
	"123456789012345678901", "1e3", "1.10", ".5", "1.", ".inf", "-.INF", ".nan", "1_0.5", "6.02e+23", "2026-02-15", "2026-02-15T10:00:00Z",
	"2026-02-15 10:00:00", "1:30", "190:20:30", "20:30:40.5", "!!str 2026", "!!int 12", "!!float 1",
}

// TestUnclearValuesAreErrors writes each value where text is wanted and where a
// number is, deep in an object and at the top.
func TestUnclearValuesAreErrors(t *testing.T) {
	for _, scalar := range slices.Concat(clearScalars, unclearScalars) {
		for place, at := range map[string]struct{ file, key string }{
			"entry of a map": {"config: {platform:services: {docs: {env: {RELEASED: %s}}}}", "services[docs].env[RELEASED]"},
			"text":           {"config: {platform:backend: {image: %s}}", "backend.image"},
			"number":         {"config: {platform:backend: {replicas: %s}}", "backend.replicas"},
			"top":            {"config: {environment: %s}", "environment"},
			"item":           {"config: {platform:topology: {nodes: [{name: %s}]}}", "topology.nodes[0].name"},
			"unknown key":    {"config: {platform:moon: {phase: %s}}", "moon"},
			"from elsewhere": {"config: {platform:worker: {module: &it %s}, platform:backend: {image: *it}}", "backend.image"},
		} {
			_, err := ParseYAML[EPFL](testStack, fmt.Appendf(nil, at.file, scalar))
			if slices.Contains(clearScalars, scalar) {
				assert.NotContains(t, err.Error(), "readers of YAML", "%s: %s", place, scalar)
				continue
			}
			var about Errors
			for _, problem := range problemsOf(t, err) {
				if within(problem.Key, at.key) || within(at.key, problem.Key) {
					about = append(about, problem)
				}
			}
			if place == "unknown key" {
				continue // that it is none is what matters
			}
			require.Len(t, about, 1, "%s: %s: %v", place, scalar, about)
			assert.Contains(t, about[0].Why, "readers of YAML", "%s: %s", place, scalar)
			assert.Contains(t, about[0].Remedy, "put it in quotes", "%s: %s", place, scalar)
			assert.NotContains(t, about[0].Why, scalar+" ", "nothing is quoted: it may be a password")
		}
	}
}

// TestClearValuesAreTheEngines compares with Pulumi's own reader what is no
// error: quoted, or clear without quotes.
func TestClearValuesAreTheEngines(t *testing.T) {
	forms := slices.Clone(clearScalars)
	for _, scalar := range slices.Concat(clearScalars, unclearScalars) {
		if !strings.HasPrefix(scalar, "!!") {
			forms = append(forms, "'"+scalar+"'", `"`+scalar+`"`)
		}
	}
	forms = append(forms, "null", "~", "", "[]", "{}", "''", "{a: [1, {b: 'c'}]}", "[0.5, 'x', true]", "|\n       two\n       lines\n", ">\n       folded\n       lines\n")
	for _, form := range forms {
		for _, file := range []string{"config:\n  platform:backend:\n   %s\n", "config:\n  backend:\n    a:\n     %s\n"} {
			content := fmt.Sprintf(file, form)
			want, err := ofEngine(t, content)
			require.NoError(t, err, content)
			src, err := fromYAML(testStack, []byte(content), "")
			require.NoError(t, err, content)
			assert.Equal(t, want, src.values, content)
		}
	}
	files, err := filepath.Glob("../Pulumi.*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range append(files, epflFixture, coreFixture) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		want, err := ofEngine(t, string(content))
		require.NoError(t, err)
		src, err := fromYAML(testStack, content, "..")
		require.NoError(t, err)
		require.Len(t, src.values, len(want), path)
		for key, text := range want {
			assert.Equal(t, text, src.values[key], "%s: %s", path, key)
		}
	}
}

// TestNothingOfAStackFileIsIgnored adds to a file that is right.
func TestNothingOfAStackFileIsIgnored(t *testing.T) {
	valid, err := os.ReadFile(epflFixture)
	require.NoError(t, err)
	for added, want := range map[string]string{
		"  plattform:worker: {replicas: 5}":        "plattform:worker (stack prod): nothing reads it; did you mean platform:worker? rename it in Pulumi.prod.yaml",
		"  Platform:worker: {replicas: 5}":         "Platform:worker (stack prod): nothing reads it; did you mean platform:worker? rename it in Pulumi.prod.yaml",
		"  platform:worker:replicas: 5":            "platform:worker:replicas (stack prod): no such key",
		"  platform:config:worker: {}":             "platform:config:worker (stack prod): no such key",
		"  kubernetes:context: other":              "kubernetes:context (stack prod): the program sets up this provider itself; say which cluster under platform:cluster in Pulumi.prod.yaml",
		"  aws:region: eu":                         "aws:region (stack prod): nothing reads it; remove it from Pulumi.prod.yaml",
		"  pulumi:disable-default-provider: ['*']": "pulumi:disable-default-provider (stack prod): nothing reads it; did you mean pulumi:disable-default-providers? rename it",
		"  pulumi:moon: 1":                         "pulumi:moon (stack prod): nothing reads it; use one of pulumi:autonaming, ",
		"  protect: false":                         "platform:protect (stack prod): it is given twice, as platform:protect and as protect",
		"confg: {}":                                "confg (stack prod): nothing reads it; did you mean config? rename it in Pulumi.prod.yaml",
		"platform:worker: {replicas: 5}":           "platform:worker (stack prod): nothing reads it; move it below config in Pulumi.prod.yaml",
		"moon: {}":                                 "moon (stack prod): nothing reads it; remove it from Pulumi.prod.yaml",
		"---\nconfig: {}":                          "a second document follows in it",
		"  platform:protect: true":                 "it is not valid YAML: ",
	} {
		_, err := ParseYAML[EPFL](testStack, append(valid, "\n"+added+"\n"...))
		assert.ErrorContains(t, err, want, added)
	}
	for _, added := range []string{"encryptionsalt: v1:x", "environment: [team/prod]", "secretsprovider: passphrase\nencryptedkey: x", "  pulumi:disable-default-providers: ['*']", "# comment", "..."} {
		_, err := ParseYAML[EPFL](testStack, append(valid, "\n"+added+"\n"...))
		assert.NoError(t, err, added)
	}
}

// TestForeignKeysFromTheEngineAreErrors is the same where plain pulumi hands
// over what it has read.
func TestForeignKeysFromTheEngineAreErrors(t *testing.T) {
	t.Setenv("PULUMI_CONFIG", `{"plattform:worker": "{}", "pulumi:tags": "{}", "kubernetes:context": "x"}`)
	_, err := FromEnvironment[EPFL](testStack, "")
	keys := keysOf(t, err)
	assert.Contains(t, keys, "plattform:worker")
	assert.Contains(t, keys, "kubernetes:context")
	assert.NotContains(t, keys, "pulumi:tags")
}

// TestFileOfTheEngineIsClear has the engine's reading of a date, which says
// nothing of what the file has.
func TestFileOfTheEngineIsClear(t *testing.T) {
	t.Setenv("PULUMI_CONFIG", `{"platform:services": "{\"docs\": {\"env\": {\"RELEASED\": \"2026-02-15T00:00:00Z\"}}}"}`)
	folder := t.TempDir()
	_, err := FromEnvironment[EPFL](testStack, folder)
	assert.NotContains(t, keysOf(t, err), "services[docs].env[RELEASED]", "there is no file")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.prod.yaml"), []byte("config: {platform:services: {docs: {env: {RELEASED: 2026-02-15}}}}"), 0o600))
	_, err = FromEnvironment[EPFL](testStack, folder)
	assert.Contains(t, keysOf(t, err), "services[docs].env[RELEASED]")
}
