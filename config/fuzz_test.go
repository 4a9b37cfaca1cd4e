package config

import (
	"maps"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// checkRead holds for whatever a parser returns: an error with no tree, or a tree
// that is valid.
func checkRead[P Platform](t *testing.T, c P, err error) {
	t.Helper()
	if err != nil {
		require.Nil(t, c)
		require.NotEmpty(t, err.Error())
		return
	}
	require.Empty(t, c.Validate(testStack))
}

// FuzzParse puts any text under any key of the valid fixtures.
func FuzzParse(f *testing.F) {
	epfl, core := raw(f, fixture(f, epflFixture)), raw(f, fixture(f, coreFixture))
	for _, flat := range []map[string]string{epfl, core} {
		for key, value := range flat {
			f.Add(key, value)
			f.Add(key, "null")
			f.Add(key, `{"secure": "x"}`)
			f.Add(key, `[{"a": [null, 1e99, true]}]`)
			f.Add(key, `{"token": 1, "infisical": {"values": {"redis-auth/password": {"path": "//.."}, "a": null}, "url": "http://[::1"}}`)
		}
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		with := func(flat map[string]string) map[string]string {
			changed := maps.Clone(flat)
			changed[key] = value
			return changed
		}
		one, err := Parse[EPFL](testStack, with(epfl))
		checkRead(t, one, err)
		other, err := Parse[EddCloud](testStack, with(core))
		checkRead(t, other, err)
	})
}

// FuzzParseYAML reads any text as a stack file.
func FuzzParseYAML(f *testing.F) {
	for _, path := range []string{epflFixture, coreFixture} {
		content, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(content)
	}
	f.Add([]byte("config: {platform:redis: {secure: x}}"))
	f.Add([]byte("config: {environment: }"))
	f.Fuzz(func(t *testing.T, content []byte) {
		one, err := ParseYAML[EPFL](testStack, content)
		checkRead(t, one, err)
		other, err := ParseYAML[EddCloud](testStack, content)
		checkRead(t, other, err)
	})
}
