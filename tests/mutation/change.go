package mutation

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// removed takes a field away that is there.
var removed = Change{"removed", func(s Site) (resource.PropertyValue, bool) { return gone, !s.Old.IsNull() }}

// set gives a field a value, whether it is there or not.
func set(value any) Change {
	next := resource.NewPropertyValue(value)
	return Change{fmt.Sprintf("to %v", value), func(s Site) (resource.PropertyValue, bool) { return next, !bare(s.Old).DeepEquals(next) }}
}

// replaced gives a field that is there another value.
func replaced(value any) Change {
	to := set(value)
	return Change{to.Name, func(s Site) (resource.PropertyValue, bool) {
		next, changes := to.To(s)
		return next, changes && !s.Old.IsNull()
	}}
}

// emptied leaves nothing of a list or of an object.
var emptied = Change{"emptied", func(s Site) (resource.PropertyValue, bool) {
	switch old := bare(s.Old); {
	case old.IsArray() && len(old.ArrayValue()) > 0:
		return resource.NewArrayProperty(nil), true
	case old.IsObject() && len(old.ObjectValue()) > 0:
		return resource.NewObjectProperty(resource.PropertyMap{}), true
	default:
		return gone, false
	}
}}

// appended adds an item to a list, and makes the list where there is none.
func appended(name string, item any) Change {
	next := resource.NewPropertyValue(item)
	return Change{"with " + name, func(s Site) (resource.PropertyValue, bool) {
		var items []resource.PropertyValue
		if old := bare(s.Old); old.IsArray() {
			items = slices.Clone(old.ArrayValue())
		}
		if slices.ContainsFunc(items, next.DeepEquals) {
			return gone, false
		}
		return resource.NewArrayProperty(append(items, next)), true
	}}
}

// text changes a text that is there.
func text(name string, change func(old string) string) Change {
	return Change{name, func(s Site) (resource.PropertyValue, bool) {
		old := bare(s.Old)
		if !old.IsString() {
			return gone, false
		}
		next := change(old.StringValue())
		return resource.NewStringProperty(next), next != old.StringValue()
	}}
}

// number changes a number that is there.
func number(name string, change func(old float64) float64) Change {
	return Change{name, func(s Site) (resource.PropertyValue, bool) {
		old := bare(s.Old)
		if !old.IsNumber() {
			return gone, false
		}
		next := change(old.NumberValue())
		return resource.NewNumberProperty(next), next != old.NumberValue()
	}}
}

// other is a port that nothing has, in the form in which the port is given.
var other = Change{"to another", func(s Site) (resource.PropertyValue, bool) {
	switch old := bare(s.Old); {
	case old.IsNumber():
		return resource.NewNumberProperty(old.NumberValue() + 17), true
	case old.IsString():
		return resource.NewStringProperty("nobodys"), true
	default:
		return gone, false
	}
}}
