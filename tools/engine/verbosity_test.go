package engine

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
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

func TestTellingVariablesStayHere(t *testing.T) {
	t.Setenv("PULUMI_OPTION_VERBOSE", "9")
	t.Setenv("PULUMI_OPTION_SHOW_SECRETS", "true")
	t.Setenv("PULUMI_OPTION_PARALLEL", "4")
	env := environmentOf(t)
	assert.NotContains(t, env, "PULUMI_OPTION_VERBOSE=9")
	assert.NotContains(t, env, "PULUMI_OPTION_SHOW_SECRETS=true")
	assert.Contains(t, env, "PULUMI_OPTION_PARALLEL=4")
}

func TestOnlyMaskedTakesThePlaceOfASource(t *testing.T) {
	_, err := prepare(Options{Root: "../..", Stacks: t.TempDir(), Stack: "prod", Secrets: "generated"})
	require.ErrorContains(t, err, `"generated" cannot take the place of the stack's own source`)
	masked, err := prepare(Options{Root: "../..", Stacks: t.TempDir(), Stack: "prod", Secrets: "masked"})
	require.NoError(t, err)
	assert.Equal(t, config.SourceMasked, masked.Config.Shared().Secrets.Source)
}
