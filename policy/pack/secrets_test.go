package pack_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"

	"platform/policy/pack"
)

func TestLeaves(t *testing.T) {
	text := resource.NewStringProperty
	object := func(key resource.PropertyKey, value resource.PropertyValue) resource.PropertyValue {
		return resource.NewObjectProperty(resource.PropertyMap{key: value})
	}
	unknown := func(secret bool) resource.PropertyValue {
		return resource.NewOutputProperty(resource.Output{Element: text(""), Secret: secret})
	}
	for name, tc := range map[string]struct {
		value  resource.PropertyValue
		want   []string // paths
		secret bool     // all of them
	}{
		"plain":             {object("a", text("x")), []string{"data.a"}, false},
		"sorted":            {resource.NewPropertyValue(map[string]any{"b": 1, "a": true}), []string{"data.a", "data.b"}, false},
		"marked":            {object("a", resource.MakeSecret(text("x"))), []string{"data.a"}, true},
		"part of one":       {resource.MakeSecret(object("a", object("b", text("x")))), []string{"data.a.b"}, true},
		"list of one":       {resource.MakeSecret(resource.NewArrayProperty([]resource.PropertyValue{text("x")})), []string{"data[0]"}, true},
		"not known":         {object("a", unknown(false)), []string{"data.a"}, false},
		"secret, not known": {object("a", unknown(true)), []string{"data.a"}, true},
		"list":              {resource.NewArrayProperty([]resource.PropertyValue{text("x"), object("k", text("y"))}), []string{"data[0]", "data[1].k"}, false},
		"empty":             {object("a", resource.NewNullProperty()), nil, false},
		"itself":            {text("x"), []string{"data"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for _, leaf := range pack.ValueOf("data", tc.value).Leaves() {
				paths = append(paths, leaf.Path())
				assert.Equal(t, tc.secret, leaf.Secret(), leaf.Path())
			}
			assert.Equal(t, tc.want, paths)
		})
	}
	assert.Empty(t, pack.Value{}.Leaves())
}

func TestIsText(t *testing.T) {
	assert.True(t, pack.ValueOf("", resource.NewStringProperty("x")).IsText())
	assert.True(t, pack.ValueOf("", resource.MakeSecret(resource.NewStringProperty("x"))).IsText())
	assert.False(t, pack.ValueOf("", resource.NewNumberProperty(1)).IsText())
	assert.False(t, pack.ValueOf("", resource.MakeComputed(resource.NewStringProperty(""))).IsText())
	assert.False(t, pack.Value{}.IsText())
}
