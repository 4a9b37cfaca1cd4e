package pack

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
)

// Value is a part of an object that may be absent, or not known before the
// deployment. Reading never fails: a value that is not known ends the check
// of what is being looked at, which [Report.Each] bounds, and is reported as
// not decidable; one of a wrong type is a finding of its own.
type Value struct {
	place  *place // nil of the object itself
	value  resource.PropertyValue
	set    bool
	secret bool // marked so itself, or a part of what is
}

// undecided and mistyped end a check; see [Report.guard].
type (
	undecided struct{ path string }
	mistyped  struct{ path, why string }
)

// ValueOf is a value that is there, for tests and for whoever has one.
func ValueOf(path string, value resource.PropertyValue) Value {
	return of(&place{key: path}, value, true)
}

func of(at *place, value resource.PropertyValue, set bool) Value {
	secret := false
	for {
		switch {
		case value.IsSecret():
			secret, value = true, value.SecretValue().Element
			continue
		case value.IsOutput():
			output := value.OutputValue()
			secret = secret || output.Secret
			if output.Known {
				value = output.Element
				continue
			}
		}
		return Value{place: at, value: value, set: set && !value.IsNull(), secret: secret}
	}
}

// part is what is below a value: all of a secret value is secret.
func (v Value) part(at *place, value resource.PropertyValue, set bool) Value {
	part := of(at, value, set)
	part.secret = part.secret || v.secret
	return part
}

// Path tells where the value is, such as spec.template.spec.containers[0].image.
func (v Value) Path() string { return v.place.String() }

// Known reports whether the value is known; an absent one is.
func (v Value) Known() bool {
	return !v.value.IsComputed() && !v.value.IsOutput()
}

// Set reports whether the value is there. It is not decidable for one that is
// not known.
func (v Value) Set() bool {
	v.need()
	return v.set
}

func (v Value) need() {
	if !v.Known() {
		panic(undecided{v.Path()})
	}
}

func (v Value) wrong(want string) {
	panic(mistyped{v.Path(), fmt.Sprintf("is %s where %s belongs", v.form(), want)})
}

// form tells what a value is, without the value.
func (v Value) form() string {
	switch {
	case v.value.IsString():
		return "a text"
	case v.value.IsNumber():
		return "a number"
	case v.value.IsBool():
		return "true or false"
	case v.value.IsArray():
		return "a list"
	case v.value.IsObject():
		return "an object"
	default:
		return v.value.TypeString() // an asset, an archive
	}
}

// At is the value below: a step is a key, or the index of an item.
func (v Value) At(steps ...any) Value {
	for _, step := range steps {
		v.need()
		switch step := step.(type) {
		case string:
			v = v.key(step)
		case int:
			v = v.item(step)
		default:
			panic(fmt.Sprintf("a step is a key or an index, and this is %v", step))
		}
	}
	return v
}

func (v Value) key(key string) Value {
	at := &place{above: v.place, key: key}
	if !v.set {
		return Value{place: at}
	}
	if !v.value.IsObject() {
		v.wrong("an object")
	}
	inner, set := v.value.ObjectValue()[resource.PropertyKey(key)]
	return v.part(at, inner, set)
}

func (v Value) item(index int) Value {
	at := &place{above: v.place, index: index, item: true}
	if !v.set {
		return Value{place: at}
	}
	if !v.value.IsArray() {
		v.wrong("a list")
	}
	if items := v.value.ArrayValue(); index < len(items) {
		return v.part(at, items[index], true)
	}
	return Value{place: at}
}

// Items are those of a list; none where it is absent.
func (v Value) Items() []Value {
	v.need()
	if !v.set {
		return nil
	}
	if !v.value.IsArray() {
		v.wrong("a list")
	}
	items := make([]Value, 0, len(v.value.ArrayValue()))
	for i := range v.value.ArrayValue() {
		items = append(items, v.item(i))
	}
	return items
}

// Keys are those of an object, sorted; none where it is absent.
func (v Value) Keys() []string {
	v.need()
	if !v.set {
		return nil
	}
	if !v.value.IsObject() {
		v.wrong("an object")
	}
	var keys []string
	for key := range v.value.ObjectValue() {
		keys = append(keys, string(key))
	}
	slices.Sort(keys)
	return keys
}

// Text is a text; empty where it is absent.
func (v Value) Text() string {
	v.need()
	switch {
	case !v.set:
		return ""
	case !v.value.IsString():
		v.wrong("a text")
	}
	return v.value.StringValue()
}

// Is reports whether a text is one of these.
func (v Value) Is(texts ...string) bool { return slices.Contains(texts, v.Text()) }

// True reports whether a boolean is true; an absent one is not.
func (v Value) True() bool {
	v.need()
	switch {
	case !v.set:
		return false
	case !v.value.IsBool():
		v.wrong("true or false")
	}
	return v.value.BoolValue()
}

// False reports whether a boolean is there and false.
func (v Value) False() bool { return v.Set() && !v.True() }

// Int is a whole number; 0 where it is absent.
func (v Value) Int() int {
	v.need()
	switch {
	case !v.set:
		return 0
	case !v.value.IsNumber() || v.value.NumberValue() != math.Trunc(v.value.NumberValue()):
		v.wrong("a whole number")
	}
	return int(v.value.NumberValue())
}

// Port is a port's number or name, as text; empty where it is absent.
func (v Value) Port() string {
	v.need()
	if v.set && v.value.IsNumber() {
		return strconv.Itoa(v.Int())
	}
	return v.Text()
}

// Quantity is an amount such as 100m or 1Gi; zero where it is absent. A plain
// number is one, too.
func (v Value) Quantity() apiresource.Quantity {
	v.need()
	var text string
	if v.set && v.value.IsNumber() {
		text = strconv.FormatFloat(v.value.NumberValue(), 'f', -1, 64)
	} else {
		text = v.Text()
	}
	if text == "" {
		return apiresource.Quantity{}
	}
	quantity, err := apiresource.ParseQuantity(text)
	if err != nil {
		v.wrong("an amount")
	}
	return quantity
}

// Texts are the texts of a list.
func (v Value) Texts() []string {
	var all []string
	for _, item := range v.Items() {
		all = append(all, item.Text())
	}
	return all
}

// TextMap are the texts of an object, such as labels.
func (v Value) TextMap() map[string]string {
	all := map[string]string{}
	for _, key := range v.Keys() {
		all[key] = v.At(key).Text()
	}
	return all
}

// Plain is the value as encoding/json has it. It is not decidable where a part of
// it is not known.
func (v Value) Plain() any {
	v.need()
	switch {
	case !v.set:
		return nil
	case v.value.IsObject():
		all := map[string]any{}
		for _, key := range v.Keys() {
			all[key] = v.At(key).Plain()
		}
		return all
	case v.value.IsArray():
		all := []any{}
		for _, item := range v.Items() {
			all = append(all, item.Plain())
		}
		return all
	default:
		return v.value.V
	}
}

// Secret reports whether the value, a part of it, or what it is a part of is
// marked secret.
func (v Value) Secret() bool { return v.secret || v.value.ContainsSecrets() }

// plain is a text below, where it is there, known and a text; else empty. It
// ends no check, so it may name what is checked.
func (v Value) plain(keys ...string) string {
	for _, key := range keys {
		if !v.value.IsObject() {
			return ""
		}
		v = v.key(key)
	}
	if !v.value.IsString() {
		return ""
	}
	return v.value.StringValue()
}
