package infisical

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// Trap 9: an empty address means the vendor's public service; .../api/ asks
// for /api/api, and // at the end breaks paths.
func TestTrap09Address(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for address, want := range map[string]string{
		"":                            "is missing",
		" ":                           "is missing",
		"/":                           "is missing",
		"h.example":                   "not an address with a scheme and a host",
		"https://":                    "not an address with a scheme and a host",
		"https://:443":                "not an address with a scheme and a host",
		"https://h:x":                 "not an address with a scheme and a host",
		"http://h":                    "credentials are sent over https alone",
		"https://marked-u:p@h":        "has a user",
		"https://h?marked-q=1":        "a query",
		"https://h#f":                 "a fragment",
		s.URL() + "/api":              "ends in /api",
		s.URL() + "/api/":             "ends in /api",
		s.URL() + "//api//":           "ends in /api",
		s.URL() + "/portal":           "there is no Infisical at this address",
		"https://no such.example.com": "not an address",
	} {
		c := settings(s)
		c.URL = address
		_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
		problem(t, err, "secrets.infisical.url", want)
	}
	c := settings(s)
	c.URL = s.URL() + "//"
	_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
	require.NoError(t, err)
}
