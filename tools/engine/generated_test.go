package engine

import (
	"encoding/base64"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"platform/config"
	"platform/policy/secret"
)

// secretWith is a Secret as the cluster has it.
func secretWith(name string, values map[string]string) *unstructured.Unstructured {
	data := map[string]any{}
	for key, value := range values {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	one := live("Secret", name, nil)
	one.Object["data"] = data
	return one
}

func TestGeneratedValuesAreFoundInSecrets(t *testing.T) {
	cfg, err := config.ReadFile("local", "../../Pulumi.local.yaml")
	require.NoError(t, err)
	known := &secret.Known{}
	s := &Session{Stack: "local", Config: cfg, out: io.Discard, known: known}
	found := map[string]*unstructured.Unstructured{
		"urn:1": secretWith("backend-secrets", map[string]string{"SECRET_KEY": "the key of sessions", "DATABASE_URL": "composed"}),
		"urn:2": live("ConfigMap", "redis-auth", nil),
		"urn:3": secretWith("postgres-credentials", map[string]string{"admin-password": ""}),
	}
	values := s.generatedIn(found)
	require.Len(t, values, 1, "neither what is composed, nor what is empty, nor what is no Secret")
	assert.Equal(t, "backend-secrets/SECRET_KEY", values[0].String())
	assert.Equal(t, "the key of sessions", values[0].text)
	cfg.Shared().Secrets.Source = config.SourceInfisical
	assert.Empty(t, s.generatedIn(found), "those of Infisical are read again")
}

func TestGeneratedValuesComeIntoTheState(t *testing.T) {
	value := generatedValue{config.SecretValue{Secret: "redis-auth", Key: "password"}, `a "quoted" value`}
	stack := map[string]any{"urn": "urn:stack", "type": "pulumi:pulumi:Stack"}
	provider := map[string]any{"urn": "urn:random", "type": "pulumi:providers:random", "id": "7"}
	after, err := withGenerated([]map[string]any{stack, provider}, "local", []generatedValue{value})
	require.NoError(t, err)
	require.Len(t, after, 3)
	made := after[2]
	assert.Equal(t, "urn:pulumi:local::platform::random:index/randomPassword:RandomPassword::redis-auth-password", made["urn"])
	assert.Equal(t, "urn:random::7", made["provider"])
	assert.Equal(t, "urn:stack", made["parent"])
	assert.Equal(t, map[string]any{"length": 32, "special": false}, made["inputs"], "as the program asks for it")
	assert.Equal(t, map[string]any{wrapKey: secretWrap, "plaintext": `"a \"quoted\" value"`}, made["outputs"].(map[string]any)["result"])

	again, err := withGenerated(after, "local", []generatedValue{value})
	require.NoError(t, err)
	assert.Len(t, again, 3, "one that the state has stays as it is")
	_, err = withGenerated([]map[string]any{stack}, "local", []generatedValue{value})
	assert.ErrorContains(t, err, "the state lacks the provider of generated values, which redis-auth/password belongs to")
}
