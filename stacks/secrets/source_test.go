package secrets

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/recorder"
)

// platform is a stack with the values of an EPFL one.
func platform(source config.SecretSource) *config.EPFL {
	cfg := &config.EPFL{}
	cfg.Secrets.Source = source
	cfg.Postgres.Mode = config.PostgresStatefulSet
	return cfg
}

// ask reads two values from a source and hands them to what looks at them.
func ask(t *testing.T, cfg config.Platform, look func(pulumi.StringOutput)) ([]recorder.Resource, error) {
	t.Helper()
	return recorder.Run("local", func(ctx *pulumi.Context) error {
		store, err := New(ctx, cfg)
		if err != nil {
			return err
		}
		for _, key := range [][2]string{{"backend-secrets", "SECRET_KEY"}, {"redis-auth", "password"}} {
			value, err := store.Value(ctx, key[0], key[1])
			if err != nil {
				return err
			}
			look(value)
			ctx.Export(key[0]+"/"+key[1], value)
		}
		return nil
	})
}

func TestGeneratedMakesEachValueOnce(t *testing.T) {
	resources, err := ask(t, platform(config.SourceGenerated), func(pulumi.StringOutput) {})
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
	resources, err := ask(t, platform(config.SourceFixed), func(pulumi.StringOutput) {})
	require.NoError(t, err)
	for _, r := range resources {
		assert.Equal(t, "pulumi:pulumi:Stack", r.Type)
	}
}

func TestValuesAreSecret(t *testing.T) {
	for _, source := range []config.SecretSource{config.SourceGenerated, config.SourceFixed} {
		asked := 0
		_, err := ask(t, platform(source), func(value pulumi.StringOutput) {
			asked++
			assert.True(t, pulumi.IsSecret(value), "a value of %s", source)
			value.ApplyT(func(text string) string {
				assert.NotEmpty(t, text)
				return text
			})
		})
		require.NoError(t, err)
		assert.Equal(t, 2, asked)
	}
}

func TestOnlyDeclaredValuesAreGiven(t *testing.T) {
	_, err := recorder.Run("local", func(ctx *pulumi.Context) error {
		store, err := New(ctx, platform(config.SourceFixed))
		require.NoError(t, err)
		_, err = store.Value(ctx, "redis-auth", "passwort")
		return err
	})
	assert.ErrorContains(t, err, "secret redis-auth/passwort: the stack does not declare that it needs it")
}
