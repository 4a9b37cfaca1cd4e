package infisical

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 13: a bad file of authorities is a warning or nothing, and the system's
// are used. A good one is the only authority.
func TestTrap13Authorities(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	text, err := os.ReadFile(s.CAFile())
	require.NoError(t, err)
	other := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	folder := t.TempDir()
	for name, tc := range map[string]struct{ text, want string }{
		"empty":     {"", "holds no certificate"},
		"no pem":    {"marked-text", "holds no certificate"},
		"key":       {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "a block that is no certificate"},
		"broken":    {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a block that is no certificate"},
		"other":     {strings.ReplaceAll(string(text), "CERTIFICATE", "X509 CRL"), "a block that is no certificate"},
		"one wrong": {string(text) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a block that is no certificate"},
	} {
		c := settings(s)
		c.CACertificate = filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(c.CACertificate, []byte(tc.text), 0o600))
		_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
		problem(t, err, "secrets.infisical.caCertificate", tc.want)
	}
	c := settings(s)
	c.CACertificate = folder
	_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
	problem(t, err, "secrets.infisical.caCertificate", "cannot be read")
	assert.Empty(t, s.Requests())
	for _, file := range []string{other.CAFile(), ""} {
		c.CACertificate = file
		_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
		problem(t, err, "secrets.infisical.caCertificate", "certificate signed by unknown authority")
	}
}
