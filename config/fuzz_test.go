package config

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// check holds for whatever a parser returns: an error with no tree, or a tree
// that is valid.
func check(t *testing.T, c *EPFL, err error) {
	t.Helper()
	if err != nil {
		require.Nil(t, c)
		require.NotEmpty(t, err.Error())
		return
	}
	require.Empty(t, c.Validate(testStack))
}

// FuzzParse puts any text under any key of the valid fixture.
func FuzzParse(f *testing.F) {
	flat := raw(f, fixture(f))
	for key, value := range flat {
		f.Add(key, value)
		f.Add(key, "null")
		f.Add(key, `{"secure": "x"}`)
		f.Add(key, `[{"a": [null, 1e99, true]}]`)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		changed := make(map[string]string, len(flat)+1)
		for k, v := range flat {
			changed[k] = v
		}
		changed[key] = value
		c, err := Parse(testStack, changed)
		check(t, c, err)
	})
}

// FuzzParseYAML reads any text as a stack file.
func FuzzParseYAML(f *testing.F) {
	content, err := os.ReadFile("testdata/valid.yaml")
	require.NoError(f, err)
	f.Add(content)
	f.Add([]byte("config: {platform:redis: {secure: x}}"))
	f.Add([]byte("config: {environment: }"))
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := ParseYAML(testStack, content)
		check(t, c, err)
	})
}
