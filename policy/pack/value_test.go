package pack

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

// The outcomes of reading that are no value.
const (
	isUndecided = "not known: spec.at"
	isMistyped  = "wrong type: spec.at "
)

// outcome is what reading gives, or how it ends the check.
func outcome(read func() any) (said string) {
	defer func() {
		switch ended := recover().(type) {
		case nil:
		case undecided:
			said = "not known: " + ended.path
		case mistyped:
			said = "wrong type: " + ended.path + " " + ended.why
		default:
			panic(ended)
		}
	}()
	return fmt.Sprint(read())
}

// forms are a value as a program may have it: plain, and wrapped in each way
// that the engine knows.
func forms(value any) map[string]resource.PropertyValue {
	plain := resource.NewPropertyValue(value)
	return map[string]resource.PropertyValue{
		"known":            plain,
		"secret":           resource.MakeSecret(plain),
		"output":           resource.NewOutputProperty(resource.Output{Element: plain, Known: true}),
		"secret output":    resource.NewOutputProperty(resource.Output{Element: plain, Known: true, Secret: true}),
		"secret of output": resource.MakeSecret(resource.NewOutputProperty(resource.Output{Element: plain, Known: true})),
	}
}

// unknowns are values that are not known before the deployment.
func unknowns() map[string]resource.PropertyValue {
	computed := resource.MakeComputed(resource.NewStringProperty(""))
	return map[string]resource.PropertyValue{
		"computed":              computed,
		"secret and computed":   resource.MakeSecret(computed),
		"output":                resource.NewOutputProperty(resource.Output{}),
		"secret output":         resource.NewOutputProperty(resource.Output{Secret: true}),
		"output of an unknown":  resource.NewOutputProperty(resource.Output{Element: computed, Known: true}),
		"output in an output":   resource.NewOutputProperty(resource.Output{Known: true, Element: resource.NewOutputProperty(resource.Output{})}),
		"secret around outputs": resource.MakeSecret(resource.NewOutputProperty(resource.Output{})),
	}
}

// objectWith are the properties of an object with a value at spec.at.
func objectWith(value resource.PropertyValue) resource.PropertyMap {
	return resource.PropertyMap{"spec": resource.NewObjectProperty(resource.PropertyMap{"at": value})}
}

// at is a value at spec.at of an object.
func at(value resource.PropertyValue) Value {
	return NewObject(deployment(objectWith(value))).At("spec", "at")
}

func TestEveryAccessor(t *testing.T) {
	for name, tc := range map[string]struct {
		read    func(Value) any
		value   any // of the right type
		want    string
		absent  string
		wrong   any    // of another type
		problem string // what is said of it; empty means that any type will do
	}{
		"Set":   {func(v Value) any { return v.Set() }, "x", "true", "false", nil, ""},
		"Text":  {func(v Value) any { return v.Text() }, "x", "x", "", 1.0, "is a number where a text belongs"},
		"Is":    {func(v Value) any { return v.Is("y", "x") }, "x", "true", "false", true, "is true or false where a text belongs"},
		"True":  {func(v Value) any { return v.True() }, true, "true", "false", "true", "is a text where true or false belongs"},
		"False": {func(v Value) any { return v.False() }, false, "true", "false", "false", "is a text where true or false belongs"},
		"Int":   {func(v Value) any { return v.Int() }, 7.0, "7", "0", "7", "is a text where a whole number belongs"},
		"Int of a fraction": {
			func(v Value) any { return v.Int() }, 7.0, "7", "0", 7.5, "is a number where a whole number belongs",
		},
		"Port":             {func(v Value) any { return v.Port() }, 8080.0, "8080", "", true, "is true or false where a text belongs"},
		"Port by name":     {func(v Value) any { return v.Port() }, "http", "http", "", 80.5, "is a number where a whole number belongs"},
		"Quantity":         {quantity, "1500m", "1500m", "0", true, "is true or false where a text belongs"},
		"Quantity, plain":  {quantity, 2.0, "2", "0", "lots", "is a text where an amount belongs"},
		"Quantity, binary": {quantity, "1Gi", "1Gi", "0", []any{}, "is a list where a text belongs"},
		"Items": {
			func(v Value) any { return len(v.Items()) }, []any{"a", "b"}, "2", "0", "a", "is a text where a list belongs",
		},
		"Texts": {
			func(v Value) any { return v.Texts() }, []any{"a", "b"}, "[a b]", "[]", map[string]any{}, "is an object where a list belongs",
		},
		"Keys": {
			func(v Value) any { return v.Keys() }, map[string]any{"b": 1.0, "a": 2.0}, "[a b]", "[]", []any{}, "is a list where an object belongs",
		},
		"TextMap": {
			func(v Value) any { return v.TextMap() }, map[string]any{"a": "x"}, "map[a:x]", "map[]", "a", "is a text where an object belongs",
		},
		"At a key": {
			func(v Value) any { return v.At("key").Text() }, map[string]any{"key": "x"}, "x", "", 1.0, "is a number where an object belongs",
		},
		"At an item": {
			func(v Value) any { return v.At(1).Text() }, []any{"a", "b"}, "b", "", "ab", "is a text where a list belongs",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for form, value := range forms(tc.value) {
				assert.Equal(t, tc.want, outcome(func() any { return tc.read(at(value)) }), form)
			}
			for form, value := range unknowns() {
				assert.Equal(t, isUndecided, outcome(func() any { return tc.read(at(value)) }), form)
			}
			none := resource.NewNullProperty()
			for form, value := range map[string]resource.PropertyValue{"absent": {}, "null": none, "secret null": resource.MakeSecret(none)} {
				assert.Equal(t, tc.absent, outcome(func() any { return tc.read(at(value)) }), form)
			}
			if tc.problem == "" {
				return
			}
			for form, value := range forms(tc.wrong) {
				assert.Equal(t, isMistyped+tc.problem, outcome(func() any { return tc.read(at(value)) }), form)
			}
		})
	}
}

func quantity(v Value) any {
	q := v.Quantity()
	return q.String()
}

func TestWhatIsKnown(t *testing.T) {
	for form, value := range forms("x") {
		assert.True(t, at(value).Known(), form)
	}
	for form, value := range unknowns() {
		assert.False(t, at(value).Known(), form)
	}
	assert.True(t, at(resource.PropertyValue{}).Known(), "what is absent is known to be")
}

// What is marked secret stays so however deep it is read; parts that are not
// marked are not.
func TestSecretsAreToldAtEveryDepth(t *testing.T) {
	inner := resource.NewPropertyValue(map[string]any{"key": "x", "list": []any{"y"}})
	for form, value := range map[string]resource.PropertyValue{
		"secret":                inner,
		"around an output":      resource.NewOutputProperty(resource.Output{Element: inner, Known: true}),
		"in an object of plain": resource.NewObjectProperty(resource.PropertyMap{"key": resource.NewStringProperty("x")}),
	} {
		v := at(resource.MakeSecret(value))
		assert.True(t, v.Secret(), form)
		assert.True(t, v.At("key").Secret(), form)
		assert.True(t, v.At("none").Secret(), form)
	}
	list := at(resource.MakeSecret(inner)).At("list")
	assert.True(t, list.At(0).Secret())
	assert.True(t, list.Items()[0].Secret())
	assert.True(t, at(resource.NewOutputProperty(resource.Output{Element: inner, Known: true, Secret: true})).At("key").Secret())
	assert.True(t, at(resource.NewOutputProperty(resource.Output{Secret: true})).Secret(), "not even known")

	mixed := at(resource.NewObjectProperty(resource.PropertyMap{
		"hidden": resource.MakeSecret(resource.NewStringProperty("x")), "open": resource.NewStringProperty("y"),
	}))
	assert.True(t, mixed.Secret(), "a part of it is")
	assert.True(t, mixed.At("hidden").Secret())
	assert.False(t, mixed.At("open").Secret())
	assert.False(t, at(resource.NewStringProperty("y")).Secret())
}

func TestPathsNameTheirPlace(t *testing.T) {
	v := at(resource.NewPropertyValue([]any{map[string]any{"name": "a"}}))
	assert.Equal(t, "spec.at", v.Path())
	assert.Equal(t, "spec.at[0].name", v.At(0, "name").Path())
	assert.Equal(t, "spec.at[7].name", v.At(7, "name").Path(), "absent")
	assert.Equal(t, "spec.at[0]", v.Items()[0].Path())
	assert.False(t, v.At(7, "name").Set())
	assert.Panics(t, func() { v.At(1.5) }, "no step")
}

// An unknown value above ends the check at that value, not below it.
func TestWhatIsBelowAnUnknownIsUnknown(t *testing.T) {
	v := at(resource.MakeComputed(resource.NewStringProperty("")))
	assert.Equal(t, isUndecided, outcome(func() any { return v.At("some", "key").Text() }))
	assert.Equal(t, isUndecided, outcome(func() any { return v.At(0).Set() }))
}
