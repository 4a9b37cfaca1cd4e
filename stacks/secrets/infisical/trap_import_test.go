package infisical

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 4: imports whose source may not be read are left out silently.
func TestTrap04ImportsLeftOut(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := world(generation)
		w.Projects[0].Folders = append(w.Projects[0].Folders,
			infisicaltest.Folder{Environment: "dev", Path: "/shared", Secrets: []infisicaltest.Secret{{Key: "NAME", Value: "marked-dev"}}},
			infisicaltest.Folder{
				Environment: "prod", Path: "/web", Imports: []infisicaltest.Import{{Environment: "dev", Path: "/shared"}},
				Secrets: []infisicaltest.Secret{{Key: "OWN", Value: "v"}},
			})
		s := infisicaltest.Start(t, w)
		_, err := one(s, "/web", "NAME")
		problem(t, err, "secrets.infisical.path", "lacks NAME (for x/y)", "let the machine identity read the folders that it imports")
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].Environments = nil })
		result, err := one(s, "/web", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "marked-dev", result.Values["x/y"].Reveal())
		assert.Equal(t, []string{"/web/OWN"}, result.Undeclared, "of the folder itself")
	})
}

// Trap 6: of two imports with one name, lists show the first and retrievals the
// last. Neither is taken; a folder's own secret wins over both.
func TestTrap06TwoImports(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{"/a/NAME": "marked-a", "/b/NAME": "marked-b"})
		w.Generation = generation
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "prod", Path: "/web",
			Imports: []infisicaltest.Import{{Environment: "prod", Path: "/a"}, {Environment: "prod", Path: "/b"}},
		})
		s := infisicaltest.Start(t, w)
		_, err := one(s, "/web", "NAME")
		problem(t, err, "secrets.infisical.values.x/y", "/web/NAME is there 2 times, in its import /a of prod and its import /b of prod")
		s.Set("prod", "/web", "NAME", "own")
		result, err := one(s, "/web", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "own", result.Values["x/y"].Reveal())
	})
}

// A folder that holds one name twice is not guessed at either.
func TestTrap06Duplicate(t *testing.T) {
	w := world(infisicaltest.Generation2024)
	w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
		Environment: "prod", Path: "/web",
		Secrets: []infisicaltest.Secret{{ID: "1", Key: "NAME", Value: "marked-1"}, {ID: "2", Key: "NAME", Value: "marked-2"}},
	})
	_, err := one(infisicaltest.Start(t, w), "/web", "NAME")
	problem(t, err, "secrets.infisical.values.x/y", "/web/NAME is there 2 times")
}
