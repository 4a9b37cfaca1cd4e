package infisical

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 8: an empty name is a list to the SDK, without an error. No single
// secret is asked for, and no value is without a name.
func TestTrap08EmptyName(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/backend", "")
		problem(t, err, "secrets.infisical.values.x/y.name", "x/y has no name")
		_, err = one(s, "/backend", "a/b")
		problem(t, err, "secrets.infisical.path", "lacks a/b")
		s.Set("prod", "/backend", "EMPTY", "")
		_, err = one(s, "/backend", "EMPTY")
		problem(t, err, "secrets.infisical.values.x/y", "the value of /backend/EMPTY is blank")
		assert.Equal(t, 0, s.Count(infisicaltest.Retrieve))
	})
}

// Trap 16: case matters in names, environments, paths and client IDs; a path
// without its first slash finds nothing, and one with a last slash is fine.
func TestTrap16Case(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/backend", "secret_key")
		problem(t, err, "secrets.infisical.path", "lacks secret_key")
		_, err = one(s, "/Backend", "SECRET_KEY")
		problem(t, err, "secrets.infisical.path", `folder "/Backend"`)
		_, err = in(s, "PROD", "/backend", "SECRET_KEY")
		problemsOf(t, err)
		_, err = in(s, " prod", "/backend", "SECRET_KEY")
		problem(t, err, "secrets.infisical.environment", "white space")
		asked := len(s.Requests())
		_, err = one(s, "backend", "SECRET_KEY")
		problem(t, err, "secrets.infisical.path", `"backend" is no path of a folder`)
		assert.Len(t, s.Requests(), asked)
		_, err = one(s, "/backend/", "SECRET_KEY")
		require.NoError(t, err)
		_, err = read(context.Background(), "prod", settings(s), wanted(),
			env(EnvClientID, strings.ToUpper(infisicaltest.ClientID), EnvClientSecret, infisicaltest.ClientSecret), quick)
		problem(t, err, "secrets.infisical")
	})
}
