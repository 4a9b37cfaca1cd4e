package infisical

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

// Trap 2: an unknown folder or environment is an empty list on older servers, a
// 403 where the role is bound to environments, and a 404 on newer ones.
func TestTrap02UnknownFolderOrEnvironment(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/no/such", "NAME")
		if generation == infisicaltest.Generation2024 {
			problem(t, err, "secrets.infisical.path", `folder "/no/such" of environment "prod" came back empty`,
				"folder or environment do not exist", "may not read", "create /no/such/NAME", "make secrets-template STACK=prod")
		} else {
			problem(t, err, "secrets.infisical.path", `there is no folder "/no/such" in environment "prod"`, "create /no/such/NAME", "make secrets-template STACK=prod")
		}
		_, err = in(s, "nosuch", "/backend", "NAME")
		if generation == infisicaltest.Generation2024 {
			problem(t, err, "secrets.infisical.environment", `may not read folder "/backend" of environment "nosuch"`, "does not exist")
		} else {
			problem(t, err, "secrets.infisical.path", `there is no folder "/backend" in environment "nosuch"`)
		}
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].Environments = nil })
		_, err = in(s, "nosuch", "/backend", "NAME")
		problem(t, err, "secrets.infisical.path", `environment "nosuch"`, "NAME")
	})
}

// An optional value's folder may be missing on either server.
func TestTrap02OptionalFolder(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		values := append(wanted(), config.SecretValue{Secret: "x", Key: "y", Path: "/no/such", Name: "NAME", Optional: true})
		result, err := read(context.Background(), "prod", settings(s), values, universal(), quick)
		require.NoError(t, err)
		assert.Contains(t, result.Values, "x/y")
		assert.Empty(t, result.Values["x/y"].Reveal())
	})
}

// Trap 3: an environment that may not be read is a 403, or on newer servers an
// empty list.
func TestTrap03ForbiddenEnvironment(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := world(generation)
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "dev", Path: "/backend", Secrets: []infisicaltest.Secret{{Key: "NAME", Value: "marked-dev"}},
		})
		s := infisicaltest.Start(t, w)
		_, err := in(s, "dev", "/backend", "NAME")
		if generation == infisicaltest.Generation2024 {
			problem(t, err, "secrets.infisical.environment", `the machine identity may not read folder "/backend" of environment "dev"`)
		} else {
			problem(t, err, "secrets.infisical.path", `folder "/backend" of environment "dev" came back empty`, "may not read them")
		}
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].NoSecrets = true })
		_, err = in(s, "dev", "/backend", "NAME")
		problem(t, err, "secrets.infisical.environment", `the machine identity may not read folder "/backend"`)
	})
}

// Trap 5: recursive lists keep one secret of each name. No list is recursive.
func TestTrap05SameNameBelow(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{"/a/b/NAME": "below", "/a/NAME": "wanted", "/a/c/NAME": "beside"})
		w.Generation = generation
		s := infisicaltest.Start(t, w)
		result, err := one(s, "/a", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "wanted", result.Values["x/y"].Reveal())
		assert.Empty(t, result.Undeclared)
	})
}
