package engine

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func TestRotatedValuesAreNamed(t *testing.T) {
	local := prepared(t, Options{Stack: "local"})
	one, err := local.rotated("backend-secrets/SECRET_KEY")
	require.NoError(t, err)
	require.Len(t, one, 1)
	assert.Equal(t, "SECRET_KEY", one[0].Key)
	all, err := local.rotated("backend-secrets")
	require.NoError(t, err)
	assert.Len(t, all, 3, "DATABASE_PASSWORD, OIDC_CLIENT_SECRET, SECRET_KEY")
}

func TestRotationIsRefused(t *testing.T) {
	operated := prepared(t, Options{Stack: "prod"})
	operated.Config.Shared().Secrets.Delivery = config.DeliveryOperator
	for name, c := range map[string]struct {
		session *Session
		secret  string
		want    []string
	}{
		"no name":         {prepared(t, Options{Stack: "local"}), "", []string{"SECRET=", "backend-secrets/SECRET_KEY"}},
		"unknown":         {prepared(t, Options{Stack: "local"}), "backend/SECRET", []string{"stack local has no secret backend/SECRET", "redis-auth/password"}},
		"superuser":       {prepared(t, Options{Stack: "local"}), "postgres-credentials", []string{"superuser", "docs/operations.md"}},
		"other superuser": {prepared(t, Options{Stack: "k3s-local"}), "postgres-credentials/POSTGRES_PASSWORD", []string{"superuser"}},
		"Infisical":       {prepared(t, Options{Stack: "prod"}), "redis-auth", []string{`"infisical"`, "/redis-auth/password", "make up STACK=prod"}},
		"operator":        {operated, "redis-auth/password", []string{"/redis-auth/password", "wait for the operator"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.session.rotated(c.secret)
			require.Error(t, err)
			for _, want := range c.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}
