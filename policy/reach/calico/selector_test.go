package calico_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/reach/calico"
)

func TestSelectors(t *testing.T) {
	labels := map[string]string{"app": "api", "a.b/c-d": "x", "tier": "web", "version": "v12"}
	for text, want := range map[string]bool{
		"":                                       true,
		"all()":                                  true,
		"global()":                               false,
		"has(app)":                               true,
		"has(none)":                              false,
		"!has(none)":                             true,
		"! has(app)":                             false,
		"app == 'api'":                           true,
		`app=="api"`:                             true,
		"app = 'api'":                            true,
		"app == 'db'":                            false,
		"none == ''":                             false,
		"app != 'db'":                            true,
		"none != 'db'":                           true,
		"app != 'api'":                           false,
		"a.b/c-d == 'x'":                         true,
		"app in {'db', 'api'}":                   true,
		"app in {}":                              false,
		"none in {'db'}":                         false,
		"app not in {'db'}":                      true,
		"app not in {'api'}":                     false,
		"none not in {'api'}":                    true,
		"version contains '1'":                   true,
		"version starts with 'v1'":               true,
		"version starts with '12'":               false,
		"version ends with '12'":                 true,
		"version ends with 'v1'":                 false,
		"app == 'db' || tier == 'web'":           true,
		"app == 'db' && tier == 'web'":           false,
		"has(app) || has(none) && has(none)":     true,
		"(has(app) || has(none)) && has(none)":   false,
		"!(app == 'db') && !(has(none))":         true,
		" app == 'a b' || app in { 'x' , 'api'}": true,
	} {
		selector, err := calico.ParseSelector(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, selector(labels), text)
	}
	global, err := calico.ParseSelector("global()")
	require.NoError(t, err)
	assert.True(t, global(nil))
}

func TestSelectorsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"app":              `"" is no comparison`,
		"app == api":       "a value in quotes is missing",
		"app == 'api":      "a quote is not closed",
		"app like 'a'":     `"like" is no comparison`,
		"any()":            "any() is unknown",
		"has()":            "a label is missing",
		"has(app":          ") is missing",
		"(has(app)":        ") is missing",
		"has(app) has(b)":  `"has" is too much`,
		"app in 'a'":       "{ is missing",
		"app in {'a' 'b'}": ", is missing",
		"app in {'a',":     "a value in quotes is missing",
		"&& has(a)":        "a condition is missing",
		"has(a) &&":        "a condition is missing",
		"has(a) | has(b)":  `"|" is not understood`,
		"'a'":              "a condition is missing",
		"!":                "a condition is missing",
	} {
		_, err := calico.ParseSelector(text)
		require.ErrorContains(t, err, "selector ", text)
		assert.ErrorContains(t, err, want, text)
	}
}

func FuzzSelectors(f *testing.F) {
	f.Add("app == 'api' && !(has(b) || c not in {'d', \"e\"})")
	f.Fuzz(func(_ *testing.T, text string) {
		if selector, err := calico.ParseSelector(text); err == nil {
			selector(map[string]string{"app": "api"})
		}
	})
}
