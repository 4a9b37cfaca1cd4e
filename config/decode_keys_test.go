package config

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDecodeRejectsKeysWithoutValue(t *testing.T) {
	for _, path := range []string{"environment", "protect", "redis", "edge.host", "topology.nodes[1]", "topology.nodes[0].labels[disk]"} {
		_, err := parseChanged(t, on(path, nil)...)
		assert.Equal(t, Errors{{
			Key: path, Stack: testStack, Why: "it has no value",
			Remedy: "write one or remove the key from Pulumi.prod.yaml",
		}}, err, path)
	}
}

// Each key of the fixture must refuse a value of another type, and say so at
// that key and nowhere else.
func TestEveryKeyRefusesAnotherType(t *testing.T) {
	everyKeyRefusesAnotherType(t, epflFixture, parseChanged)
	everyKeyRefusesAnotherType(t, coreFixture, parseCore)
}

func everyKeyRefusesAnotherType[T any](t *testing.T, at string, parse func(testing.TB, ...change) (*T, error)) {
	t.Helper()
	paths := pathsOf("", fixture(t, at), reflect.TypeFor[T]())
	require.Greater(t, len(paths), 100)
	for path, field := range paths {
		var wrong any = map[string]any{"x": 1}
		if field.Kind() == reflect.Struct && !isScalar(field) || field.Kind() == reflect.Map {
			wrong = "x"
		}
		_, err := parse(t, on(path, wrong)...)
		if assert.Error(t, err, path) {
			assert.Equal(t, []string{path}, keysOf(t, err))
		}
	}
}

// Each key of the fixture must be recognised behind a slip of the keyboard.
func TestEveryKeyIsSuggestedWhenMisspelt(t *testing.T) {
	everyKeyIsSuggested(t, epflFixture, Parse[EPFL])
	everyKeyIsSuggested(t, coreFixture, Parse[EddCloud])
}

func everyKeyIsSuggested[T any](t *testing.T, at string, parse func(string, map[string]string) (*T, error)) {
	t.Helper()
	for path, field := range pathsOf("", fixture(t, at), reflect.TypeFor[T]()) {
		if strings.HasSuffix(path, "]") {
			continue // an item or a label: any name will do
		}
		name := path[strings.LastIndex(path, ".")+1:]
		tree := fixture(t, at)
		put(t, tree, steps(path), absent)
		put(t, tree, steps(path+"x"), "x")
		_, err := parse(testStack, raw(t, tree))
		assert.ErrorContains(t, err, "did you mean "+name+"?", "%s %s", path, field)
	}
}
