package secrets

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/recorder"
)

// ask reads two values from a source and exports them.
func ask(t *testing.T, source config.SecretSource) ([]recorder.Resource, error) {
	t.Helper()
	return recorder.Run("local", func(ctx *pulumi.Context) error {
		s, err := New(ctx.Stack(), config.Secrets{Source: source})
		if err != nil {
			return err
		}
		for _, ref := range []Ref{{Secret: "backend-secrets", Key: "SECRET_KEY", Length: 64}, {Secret: "redis-auth", Key: "password"}} {
			value, err := s.Value(ctx, ref)
			if err != nil {
				return err
			}
			ctx.Export(ref.String(), value)
			value.ApplyT(func(v string) string {
				assert.NotEmpty(t, v)
				return v
			})
		}
		return nil
	})
}

func TestGeneratedMakesEachValueOnce(t *testing.T) {
	resources, err := ask(t, config.SourceGenerated)
	require.NoError(t, err)
	lengths, providers := map[string]any{}, 0
	for _, r := range resources {
		switch r.Type {
		case "random:index/randomPassword:RandomPassword":
			lengths[r.Name] = r.Inputs["length"]
			assert.Equal(t, false, r.Inputs["special"], "no character needs escaping")
			assert.Contains(t, r.Provider, "generated-secrets")
		case "pulumi:providers:random":
			providers++
		}
	}
	assert.Equal(t, map[string]any{"backend-secrets-SECRET_KEY": 64.0, "redis-auth-password": 32.0}, lengths)
	assert.Equal(t, 1, providers)
}

func TestFixedRegistersNothing(t *testing.T) {
	resources, err := ask(t, config.SourceFixed)
	require.NoError(t, err)
	for _, r := range resources {
		assert.Equal(t, "pulumi:pulumi:Stack", r.Type)
	}
}

func TestValuesAreSecret(t *testing.T) {
	for _, source := range []config.SecretSource{config.SourceGenerated, config.SourceFixed} {
		_, err := recorder.Run("local", func(ctx *pulumi.Context) error {
			s, err := New(ctx.Stack(), config.Secrets{Source: source})
			require.NoError(t, err)
			value, err := s.Value(ctx, Ref{Secret: "redis-auth", Key: "password"})
			require.NoError(t, err)
			assert.True(t, pulumi.IsSecret(value), "a value of %s", source)
			return nil
		})
		require.NoError(t, err)
	}
}

func TestInfisicalIsOneClearError(t *testing.T) {
	resources, err := ask(t, config.SourceInfisical)
	require.ErrorContains(t, err, `platform:secrets.source (stack local): no value can be read from "infisical" by this program yet, so nothing was deployed; `+
		`run make render STACK=local OUT=dir for the manifests, or choose "generated" on a throw-away cluster`)
	assert.Empty(t, resources)
}
