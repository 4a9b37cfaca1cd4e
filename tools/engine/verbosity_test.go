package engine

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tools/toolchain"
)

func TestLogsStayDiscreet(t *testing.T) {
	for name, c := range map[string]struct {
		args, want []string
		told       bool
	}{
		"nothing asked":   {[]string{"preview", "--diff"}, []string{"preview", "--diff"}, false},
		"joined":          {[]string{"up", "-v=9"}, []string{"up", "-v=8"}, true},
		"long":            {[]string{"up", "--verbose=11"}, []string{"up", "--verbose=8"}, true},
		"apart":           {[]string{"up", "--verbose", "9", "--diff"}, []string{"up", "--verbose", "8", "--diff"}, true},
		"glued":           {[]string{"up", "-v9"}, []string{"up", "-v8"}, true},
		"low":             {[]string{"up", "-v=8", "-v", "3", "-v3"}, []string{"up", "-v=8", "-v", "3", "-v3"}, false},
		"no level":        {[]string{"up", "-v=high"}, []string{"up", "-v=high"}, false},
		"last":            {[]string{"up", "-v"}, []string{"up", "-v"}, false},
		"secrets stay":    {[]string{"preview", "--show-secrets=false"}, []string{"preview", "--show-secrets=false"}, false},
		"another letter":  {[]string{"up", "--version=9"}, []string{"up", "--version=9"}, false},
		"behind others":   {[]string{"up", "-yv9", "-dv=9", "-yv", "9"}, []string{"up", "-yv8", "-dv=8", "-yv", "8"}, true},
		"a message":       {[]string{"up", "-mv9", "-sv9"}, []string{"up", "-mv9", "-sv9"}, false},
		"several of them": {[]string{"up", "-v=9", "-v=10"}, []string{"up", "-v=8", "-v=8"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			before := append([]string{}, c.args...)
			args, err := discreet(&out, c.args)
			require.NoError(t, err)
			assert.Equal(t, c.want, args)
			assert.Equal(t, before, c.args, "the caller's stay")
			assert.Equal(t, c.told, out.Len() > 0)
		})
	}
	for _, refused := range []string{"--tracing=file:trace", "--tracing", "--show-secrets", "--show-secrets=true"} {
		_, err := discreet(&bytes.Buffer{}, []string{"up", refused})
		assert.ErrorContains(t, err, "leave it out", refused)
	}
}

// What the engine, providers and their libraries write in clear by variables of
// the user's is not written.
func TestTellingVariablesStayHere(t *testing.T) {
	for name, value := range map[string]string{
		"PULUMI_OPTION_VERBOSE": "9", "PULUMI_OPTION_SHOW_SECRETS": "true", "PULUMI_DEBUG_GRPC": "/tmp/grpc.json", "PULUMI_TF_DEBUG_GRPC": "/tmp/tf.json", "TF_LOG": "trace", "TF_LOG_PATH": "/tmp/tf.log",
		"TF_LOG_PROVIDER": "trace", "PULUMI_LOG_OTLP_ENDPOINT": "localhost:4317", "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4317", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "localhost:4317",
		"GRPC_BINARY_LOG_FILTER": "*", "GODEBUG": "netdns=go,http2debug=2",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			t.Setenv("PULUMI_OPTION_PARALLEL", "4")
			var out bytes.Buffer
			s := prepared(t, Options{Stack: "local", Out: &out})
			s.tools = &toolchain.Toolchain{}
			s.setEnvironment()
			assert.NotContains(t, s.env, name+"="+value)
			assert.Contains(t, s.env, "PULUMI_OPTION_PARALLEL=4")
			assert.Equal(t, name+" is kept from the engine: with it, values of secrets are written in clear\n", out.String())
		})
	}
	t.Setenv("GODEBUG", "netdns=go")
	assert.Contains(t, environmentOf(t), "GODEBUG=netdns=go")
}

func TestOnlyMaskedTakesThePlaceOfASource(t *testing.T) {
	_, err := prepare(Options{Root: "../..", Stacks: t.TempDir(), Stack: "prod", Secrets: "generated"})
	require.ErrorContains(t, err, `"generated" cannot take the place of the stack's own source`)
	masked, err := prepare(Options{Root: "../..", Stacks: t.TempDir(), Stack: "prod", Secrets: "masked"})
	require.NoError(t, err)
	assert.Equal(t, config.SourceMasked, masked.Config.Shared().Secrets.Source)
}
