package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// signing is a value for backend-secrets/SECRET_KEY.
var signing = strings.Repeat("Zk8rT2wQ", 8)

// stackWith is the stack file of local with secret values, a source and an
// environment of ESC, where these are given.
func stackWith(t *testing.T, source SecretSource, values map[string]any, environments ...any) []byte {
	t.Helper()
	text, err := os.ReadFile("../Pulumi.local.yaml")
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, yaml.Unmarshal(text, &file))
	settings := file["config"].(map[string]any)
	if source != "" {
		settings["platform:secrets"] = map[string]any{"source": string(source)}
	}
	if values != nil {
		settings["platform:secretValues"] = values
	}
	if environments != nil {
		file["environment"] = environments
	}
	text, err = yaml.Marshal(file)
	require.NoError(t, err)
	return text
}

func sealed() map[string]any { return map[string]any{"secure": "v1:aaaa:bbbb"} }

func TestStackFileMayHoldSecretValues(t *testing.T) {
	c, err := ParseYAML[EPFL]("local", stackWith(t, "", map[string]any{"backend-secrets/SECRET_KEY": sealed()}))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"backend-secrets/DATABASE_PASSWORD", "backend-secrets/OIDC_CLIENT_SECRET", "postgres-credentials/admin-password", "redis-auth/password",
	}, names(SourceValues(c)), "the source is asked for the others alone")

	_, err = ParseYAML[EPFL]("local", stackWith(t, SourceStack, map[string]any{
		"backend-secrets/DATABASE_PASSWORD": sealed(), "backend-secrets/OIDC_CLIENT_SECRET": sealed(), "backend-secrets/SECRET_KEY": sealed(),
		"postgres-credentials/admin-password": sealed(), "redis-auth/password": sealed(),
	}))
	require.NoError(t, err)
}

func TestSecretValuesOfAStackFileAreRefused(t *testing.T) {
	const set = `pulumi config set --secret --path 'platform:secretValues["%s"]'`
	for name, tc := range map[string]struct {
		source SecretSource
		values map[string]any
		want   map[string]string
	}{
		"in clear text": {"", map[string]any{"backend-secrets/SECRET_KEY": signing}, map[string]string{
			"secretValues[backend-secrets/SECRET_KEY]": "it is not encrypted, so whoever reads the file knows it; replace it by another value with " + fmt.Sprintf(set, "backend-secrets/SECRET_KEY"),
		}},
		"no text": {"", map[string]any{"backend-secrets/SECRET_KEY": []any{signing}}, map[string]string{
			"secretValues[backend-secrets/SECRET_KEY]": "it is not encrypted",
		}},
		"empty": {"", map[string]any{"backend-secrets/SECRET_KEY": nil}, map[string]string{
			"secretValues[backend-secrets/SECRET_KEY]": "it is not encrypted",
		}},
		"of another name": {"", map[string]any{"backend-secrets/SECRET_KYE": sealed()}, map[string]string{
			"secretValues[backend-secrets/SECRET_KYE]": "the stack asks for no such value; did you mean backend-secrets/SECRET_KEY?",
		}},
		"as a whole": {"", sealed(), map[string]string{"secretValues": "it is encrypted as a whole"}},
		"not all of them": {SourceStack, map[string]any{"backend-secrets/SECRET_KEY": sealed(), "redis-auth/password": sealed()}, map[string]string{
			"secretValues[backend-secrets/DATABASE_PASSWORD]":   `it is missing, and "stack" as platform:secrets.source has no other; set it with ` + fmt.Sprintf(set, "backend-secrets/DATABASE_PASSWORD"),
			"secretValues[backend-secrets/OIDC_CLIENT_SECRET]":  "it is missing",
			"secretValues[postgres-credentials/admin-password]": "it is missing",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseYAML[EPFL]("local", stackWith(t, tc.source, tc.values))
			found := map[string]string{}
			for _, problem := range problemsOf(t, err) {
				found[problem.Key] += problem.Why + "; " + problem.Remedy
			}
			require.Len(t, found, len(tc.want), err)
			for key, want := range tc.want {
				assert.Contains(t, found[key], want)
			}
			assert.NotContains(t, err.Error(), signing)
		})
	}
}

func TestOperatorReadsNoStackFile(t *testing.T) {
	_, err := parseChanged(t, slices.Concat(on("secrets.delivery", "operator"), on("secretValues", map[string]any{"backend-secrets/SECRET_KEY": signing}))...)
	assert.Contains(t, keysOf(t, err), "secretValues")
}

// The engine decrypts what the program reads, and says which settings are secret.
func TestSecretValuesFromTheEngine(t *testing.T) {
	for name, tc := range map[string]struct {
		value        string
		environments []any
		inFile       map[string]any
		secret       bool
		more         map[string]string
		key, want    string
	}{
		"of the stack file":              {value: signing, inFile: map[string]any{"backend-secrets/SECRET_KEY": sealed()}, secret: true},
		"of an environment":              {value: signing, environments: []any{"team/local"}, secret: true},
		"of an environment, in clear":    {value: signing, environments: []any{"team/local"}, key: "secretValues", want: "is not secret there"},
		"another setting":                {value: signing, environments: []any{"team/local"}, secret: true, more: map[string]string{"gitops": `{}`}, key: "gitops", want: "settings there are seen by no review"},
		"too short":                      {value: "hunter2", environments: []any{"team/local"}, secret: true, key: "secretValues[backend-secrets/SECRET_KEY]", want: "it is shorter than 32 characters"},
		"looks like a token, and is one": {value: "st.0123456789abcdef.0123456789abcdef", environments: []any{"team/local"}, secret: true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			text := stackWith(t, "", tc.inFile, tc.environments...)
			require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.local.yaml"), text, 0o600))
			src, err := fromYAML("local", text, "..")
			require.NoError(t, err)
			values := map[string]string{}
			for key, value := range src.values {
				values["platform:"+key] = value
			}
			for key, value := range tc.more {
				values["platform:"+key] = value
			}
			given, err := json.Marshal(map[string]string{"backend-secrets/SECRET_KEY": tc.value})
			require.NoError(t, err)
			values["platform:secretValues"] = string(given)
			engine, err := json.Marshal(values)
			require.NoError(t, err)
			t.Setenv(pulumi.EnvConfig, string(engine))
			t.Setenv(pulumi.EnvConfigSecretKeys, "[]")
			if tc.secret {
				t.Setenv(pulumi.EnvConfigSecretKeys, `["platform:secretValues"]`)
			}
			c, err := FromEnvironment[EPFL]("local", folder)
			if tc.key != "" {
				require.Error(t, err)
				assert.NotContains(t, err.Error(), tc.value)
				assert.Equal(t, []string{tc.key}, keysOf(t, err))
				assert.Contains(t, err.Error(), tc.want)
				return
			}
			require.NoError(t, err)
			text2, given2 := c.StackSecret(SecretValue{Secret: "backend-secrets", Key: "SECRET_KEY"})
			assert.True(t, given2)
			assert.Equal(t, tc.value, text2.Reveal())
			printed, err := json.Marshal(c)
			require.NoError(t, err)
			assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", c, c, c, printed), tc.value)
		})
	}
}

func TestOwnStateHasNoSecretValuesOfAnother(t *testing.T) {
	f, err := parseStackFile(stackWith(t, SourceStack, map[string]any{"backend-secrets/SECRET_KEY": sealed()}, "team/local"))
	require.NoError(t, err)
	assert.True(t, f.TakeEncryption(nil))
	path := filepath.Join(t.TempDir(), "Pulumi.local.yaml")
	require.NoError(t, f.Write(path))
	c, err := ParseFile[EPFL]("local", path)
	require.NoError(t, err)
	assert.Equal(t, SourceGenerated, c.Secrets.Source)
	assert.Empty(t, c.StackSecrets)
	assert.False(t, f.TakeEncryption(nil), "there is none any more")
}
