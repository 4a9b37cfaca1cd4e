package serve

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/pack"
	"platform/policy/secret"
)

// What was read again is in no state: only the pack is sent it in clear.
func TestSecretsOfARunAreHeardOf(t *testing.T) {
	known := &secret.Known{}
	setting, done, err := Listen(known)
	require.NoError(t, err)
	_, path, _ := strings.Cut(setting, "=")
	t.Setenv(EnvKnown, path)
	server := NewServer(packOf(at("at")))
	server.reports, err = newReporter()
	require.NoError(t, err)
	for name, properties := range map[string]resource.PropertyMap{
		"a value":        {"a": resource.MakeSecret(text("correct horse battery"))},
		"a name":         {"a": resource.MakeSecret(text("postgres")), "open": text("Open-Value-4711")},
		"named a secret": {"password": resource.MakeSecret(text("lowercase"))},
		"of a Secret":    {"data": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{"a": text("VmlvbGV0LVVtYnJhLTE=")}))},
	} {
		require.NoError(t, server.reports.report(properties), name)
	}
	for _, value := range []string{"correct horse battery", "lowercase", "VmlvbGV0LVVtYnJhLTE=", "Violet-Umbra-1"} {
		assert.True(t, known.Holds(value), value)
	}
	for _, value := range []string{"postgres", "Open-Value-4711"} {
		assert.False(t, known.Holds(value), value)
	}
	done()
	require.NoError(t, (*reporter)(nil).report(resource.PropertyMap{"a": resource.MakeSecret(text("correct horse"))}), "nobody listens")
	_, err = newReporter()
	assert.ErrorContains(t, err, EnvKnown)
}

func TestAnalyzingTellsOfSecrets(t *testing.T) {
	known := &secret.Known{}
	setting, done, err := Listen(known)
	require.NoError(t, err)
	defer done()
	_, path, _ := strings.Cut(setting, "=")
	t.Setenv(EnvKnown, path)
	rule := at("at")
	rule.Object = func(pack.Object, *pack.Report) {}
	e := serving(t, packOf(rule)).of("test")
	e.says(resource.PropertyMap{"a": resource.MakeSecret(text("correct horse battery"))})
	assert.True(t, known.Holds("correct horse battery"))
}
