package secrets

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/recorder"
)

func operatorSettings() config.Secrets {
	return config.Secrets{
		Source: config.SourceInfisical, Delivery: config.DeliveryOperator,
		Infisical: config.Infisical{
			URL: "https://infisical.example", Project: "8d2f3a1e-5b7c-4c1d-9e0f-2a6b4c8d0e1f", Environment: "dev",
			Auth: config.InfisicalAuth{Name: "platform", Namespace: "infisical"},
		},
	}
}

// What the operator's source hands out is the place of a value, secret like
// any other, and none of it is registered or asked for.
func TestOperatorHandsOutPlaces(t *testing.T) {
	texts := make(chan []any, 1) // a token for each of the values below
	resources, err := recorder.Run("dev", func(ctx *pulumi.Context) error {
		var outputs []any
		for _, value := range []config.SecretValue{
			{Secret: "redis-auth", Key: "password", Path: "/redis-auth", Name: "password"},
			{Secret: "postgres-credentials", Key: "password", Path: "/redis-auth", Name: "password"}, // the same place
			{Secret: "backend-secrets", Key: "password", Path: "/backend-secrets", Name: "password"},
			{Secret: "redis-auth", Key: "optional", Path: "/redis-auth", Name: "password", Optional: true},
		} {
			output, err := NewOperator(operatorSettings()).Value(ctx, value)
			require.NoError(t, err)
			assert.True(t, pulumi.IsSecret(output))
			outputs = append(outputs, output)
		}
		pulumi.All(outputs...).ApplyT(func(given []any) bool {
			texts <- given
			return true
		})
		return nil
	})
	require.NoError(t, err)
	for _, r := range resources {
		assert.Equal(t, "pulumi:pulumi:Stack", r.Type)
	}
	given := <-texts
	require.Len(t, given, 4)
	assert.Equal(t, given[0], given[1])
	assert.NotEqual(t, given[0], given[2])
	assert.NotEqual(t, given[0], given[3])
	for _, text := range given {
		assert.Regexp(t, "^[A-Za-z0-9]+$", text, "no escaping changes it")
	}
}

func TestOperatorNeedsAPlace(t *testing.T) {
	for name, value := range map[string]config.SecretValue{
		"no folder": {Secret: "redis-auth", Key: "password", Name: "password"},
		"no name":   {Secret: "redis-auth", Key: "password", Path: "/redis-auth"},
	} {
		_, err := NewOperator(operatorSettings()).Value(nil, value)
		require.ErrorContains(t, err, "secret redis-auth/password: ", name)
	}
}

func TestDeliveryIsTheOperatorsAlone(t *testing.T) {
	settings := operatorSettings()
	assert.Equal(t, &settings.Infisical, (&Store{source: NewOperator(settings)}).Operator())
	assert.Nil(t, (&Store{source: Fixed{}}).Operator())
}
