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

// The variables that name a real server for the contract. What they name is
// read and never changed; one log-in is wrong on purpose.
const (
	envTestURL          = "INFISICAL_TEST_URL"
	envTestCA           = "INFISICAL_TEST_CA" // file; empty means the system's authorities
	envTestClientID     = "INFISICAL_TEST_CLIENT_ID"
	envTestClientSecret = "INFISICAL_TEST_CLIENT_SECRET"
	envTestProject      = "INFISICAL_TEST_PROJECT"     // ID
	envTestEnvironment  = "INFISICAL_TEST_ENVIRONMENT" // that the identity may read
	envTestPath         = "INFISICAL_TEST_PATH"        // of a folder there
	envTestName         = "INFISICAL_TEST_NAME"        // of a secret in it, not empty
)

// contract is what a server must do for [Read] to be right about it.
type contract struct {
	settings           config.Infisical
	clientID, secret   string
	path, name         string
	unknownEnvironment string
}

func (c contract) read(change func(*contract, *config.SecretValue)) (*Result, error) {
	value := config.SecretValue{Secret: "contract", Key: "value", Path: c.path, Name: c.name}
	change(&c, &value)
	return read(context.Background(), "prod", c.settings, []config.SecretValue{value}, env(EnvClientID, c.clientID, EnvClientSecret, c.secret), quick)
}

// run is the cases: the same for the double and for a real server.
func (c contract) run(t *testing.T) {
	t.Run("value", func(t *testing.T) {
		result, err := c.read(func(*contract, *config.SecretValue) {})
		require.NoError(t, err)
		assert.NotEmpty(t, result.Values["contract/value"].Reveal())
		assert.NotContains(t, result.Undeclared, place(folder(c.path), c.name))
	})
	for name, tc := range map[string]struct {
		change func(*contract, *config.SecretValue)
		want   string
	}{
		"missing name":   {func(_ *contract, v *config.SecretValue) { v.Name = "NO_SUCH_NAME" }, "NO_SUCH_NAME"},
		"unknown folder": {func(_ *contract, v *config.SecretValue) { v.Path = "/no/such/folder" }, "create /no/such/folder/"},
		"unknown environment": {
			func(c *contract, _ *config.SecretValue) { c.settings.Environment = c.unknownEnvironment },
			c.unknownEnvironment,
		},
		"unknown project": {
			func(c *contract, _ *config.SecretValue) { c.settings.Project = "00000000-0000-4000-8000-000000000000" },
			"platform:secrets.infisical.project",
		},
		"no API":         {func(c *contract, _ *config.SecretValue) { c.settings.URL += "/nowhere" }, "platform:secrets.infisical.url"},
		"wrong secret":   {func(c *contract, _ *config.SecretValue) { c.secret = "wrong" }, "refuses the credentials"},
		"unknown client": {func(c *contract, _ *config.SecretValue) { c.clientID = "00000000-0000-4000-8000-000000000000" }, "platform:secrets.infisical (stack prod)"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.read(tc.change)
			problems := problemsOf(t, err)
			require.Len(t, problems, 1)
			assert.Contains(t, err.Error(), tc.want)
		})
	}
}

func TestContractOfTheDouble(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		contract{
			settings: settings(s), clientID: infisicaltest.ClientID, secret: infisicaltest.ClientSecret,
			path: "/backend", name: "SECRET_KEY", unknownEnvironment: "no-such-environment",
		}.run(t)
	})
}

func TestContractOfARealServer(t *testing.T) {
	for _, name := range []string{envTestURL, envTestClientID, envTestClientSecret, envTestProject, envTestEnvironment, envTestPath, envTestName} {
		if os.Getenv(name) == "" {
			t.Skipf("no real server: set %s, %s, %s, %s, %s, %s and %s, and %s for an authority of its own", envTestURL, envTestClientID,
				envTestClientSecret, envTestProject, envTestEnvironment, envTestPath, envTestName, envTestCA)
		}
	}
	contract{
		settings: config.Infisical{
			URL: os.Getenv(envTestURL), CACertificate: os.Getenv(envTestCA), Project: os.Getenv(envTestProject),
			Environment: os.Getenv(envTestEnvironment),
		},
		clientID: os.Getenv(envTestClientID), secret: os.Getenv(envTestClientSecret),
		path: os.Getenv(envTestPath), name: os.Getenv(envTestName), unknownEnvironment: "no-such-environment",
	}.run(t)
}
