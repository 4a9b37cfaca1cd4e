package infisical

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/tests/infisicaltest"
)

// Trap 7: a reference that leads nowhere stays in the value; one that may not
// be followed stays too, or fails the list of its folder.
func TestTrap07References(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{
			"/db/PASSWORD": "marked-db", "/ok/URL": "postgres://u:${prod.db.PASSWORD}@h", "/missing/URL": "marked-${prod.db.NONE}",
			"/denied/URL": "marked-${dev.db.PASSWORD}", "/text/NAME": "a${b and c}",
		})
		w.Generation = generation
		w.Projects[0].Environments = append(w.Projects[0].Environments, "dev")
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "dev", Path: "/db",
			Secrets: []infisicaltest.Secret{{Key: "PASSWORD", Value: "marked-dev"}},
		})
		s := infisicaltest.Start(t, w)
		result, err := one(s, "/ok", "URL")
		require.NoError(t, err)
		assert.Equal(t, "postgres://u:marked-db@h", result.Values["x/y"].Reveal())
		_, err = one(s, "/missing", "URL")
		problem(t, err, "secrets.infisical.values.x/y", "the value of /missing/URL holds a reference that Infisical has not resolved")
		_, err = one(s, "/denied", "URL")
		if generation == infisicaltest.Generation2024 {
			problem(t, err, "secrets.infisical.values.x/y", "holds a reference that Infisical has not resolved")
		} else {
			problem(t, err, "secrets.infisical.path", "refers to a secret that the machine identity may not read", "PASSWORD from environment dev in path /db")
		}
	})
}

// Trap 17: one newline at the end of a value survives, and the order of lists
// is by ID. Values are taken as they are, and nothing depends on the order.
func TestTrap17NewlineAndOrder(t *testing.T) {
	w := infisicaltest.Simple("prod", nil)
	w.Projects[0].Folders = []infisicaltest.Folder{{Environment: "prod", Path: "/a", Secrets: []infisicaltest.Secret{
		{ID: "2", Key: "b", Value: "1"}, {ID: "1", Key: "a", Value: "2"}, {ID: "3", Key: "NAME", Value: "line\n"}, {ID: "0", Key: "B", Value: "3"},
	}}}
	s := infisicaltest.Start(t, w)
	_, err := one(s, "/a", "NAME")
	problem(t, err, "secrets.infisical.values.x/y", "the value of /a/NAME begins or ends with white space")
	result, err := one(s, "/a", "a")
	require.NoError(t, err)
	assert.Equal(t, []string{"/a/B", "/a/NAME", "/a/b"}, result.Undeclared)
	pem, err := os.ReadFile(s.CAFile())
	require.NoError(t, err)
	s.Set("prod", "/a", "NAME", string(pem))
	values := []config.SecretValue{{Secret: "x", Key: "y", Path: "/a", Name: "NAME", Format: config.FormatPEM}}
	result, err = read(context.Background(), "prod", settings(s), values, universal(), quick)
	require.NoError(t, err)
	assert.Equal(t, string(pem), result.Values["x/y"].Reveal())
}

// Trap 18: newer servers can mask a value, and tell so in a field that the SDK
// does not read.
func TestTrap18MaskedValue(t *testing.T) {
	w := world(infisicaltest.Generation2025)
	w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{Environment: "prod", Path: "/web", Secrets: []infisicaltest.Secret{
		{Key: "HIDDEN", Value: "marked-a", Hidden: true}, {Key: "NAME", Value: hiddenText},
	}})
	s := infisicaltest.Start(t, w)
	for _, name := range []string{"HIDDEN", "NAME"} {
		_, err := one(s, "/web", name)
		problem(t, err, "secrets.infisical.values.x/y", "Infisical hides the value of /web/"+name)
	}
	s.Script(infisicaltest.List, infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"NAME","secretValue":"own"}],
		"imports":[{"secretPath":"/x","environment":"prod","secrets":[{"secretKey":"NAME","secretValue":"","secretValueHidden":true}]}]}`))
	result, err := one(s, "/web", "NAME")
	require.NoError(t, err)
	assert.Equal(t, "own", result.Values["x/y"].Reveal())
	for _, value := range []string{`"secretValue":"******",`, ``} {
		s.Script(infisicaltest.List, infisicaltest.Raw(200, "application/json",
			`{"secrets":[{"secretKey":"NAME",`+value+`"secretValueHidden":true}],"imports":[]}`))
		_, err := one(s, "/web", "NAME")
		problem(t, err, "secrets.infisical.values.x/y", "Infisical hides the value of /web/NAME")
	}
}
