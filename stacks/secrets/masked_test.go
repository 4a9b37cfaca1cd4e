package secrets

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/recorder"
)

// previewing runs a program as a preview does.
func previewing(program pulumi.RunFunc) error {
	return pulumi.RunErr(program, pulumi.WithMocks("platform", "prod", &recorder.Recorder{}), func(info *pulumi.RunInfo) { info.DryRun = true })
}

func TestMaskedValuesAreUnknownInPreviews(t *testing.T) {
	require.NoError(t, previewing(func(ctx *pulumi.Context) error {
		store, err := New(ctx, platform(config.SourceMasked))
		require.NoError(t, err)
		value, err := store.Value(ctx, "redis-auth", "password")
		require.NoError(t, err)
		assert.True(t, pulumi.IsSecret(value))
		value.ApplyT(func(text string) string {
			assert.Fail(t, "an unknown value is never seen", text)
			return text
		})
		return nil
	}))
}

func TestMaskedValuesDeployNothing(t *testing.T) {
	resources, err := ask(t, platform(config.SourceMasked), func(pulumi.StringOutput) {})
	var problem config.Error
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, "secrets.source", problem.Key)
	assert.ErrorContains(t, err, `platform:secrets.source (stack local): "masked" knows no values, for previews and renderings only, so nothing was deployed; `+
		`deploy with the source that Pulumi.local.yaml names`)
	assert.Empty(t, resources)
}

func TestMaskedValuesRender(t *testing.T) {
	cfg := platform(config.SourceMasked)
	cfg.Render.Directory = "out"
	texts := make(chan string, 2)
	_, err := ask(t, cfg, func(value pulumi.StringOutput) {
		assert.True(t, pulumi.IsSecret(value))
		value.ApplyT(func(text string) string {
			texts <- text
			return text
		})
	})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"masked-backend-secrets-SECRET_KEY", "masked-redis-auth-password"}, []string{<-texts, <-texts}, "marked as such")
}
