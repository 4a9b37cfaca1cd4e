package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
)

func setDefault[T comparable](field *T, value T) {
	var unset T
	if *field == unset {
		*field = value
	}
}

// setList fills in a list that is left out. One that is written down empty
// stays so.
func setList[T any](field *[]T, value []T) {
	if *field == nil {
		*field = value
	}
}

// overruled reports what was given and would not count: zero, false or nothing
// in quotes, where a default takes the place of what is not given. Given is a
// value as the file has it, read what it was decoded to, and now what that is
// with the defaults.
func (c *collector) overruled(key string, given any, read, now reflect.Value) {
	for now.Kind() == reflect.Pointer {
		if read.IsNil() || now.IsNil() {
			return // it was not decoded, which is told
		}
		read, now = read.Elem(), now.Elem()
	}
	fields, object := given.(map[string]any)
	items, list := given.([]any)
	switch {
	case object && len(fields) > 0 && now.Kind() == reflect.Map:
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			at := reflect.ValueOf(name).Convert(now.Type().Key())
			if before, after := read.MapIndex(at), now.MapIndex(at); before.IsValid() && after.IsValid() {
				c.overruled(key+"["+name+"]", fields[name], before, after)
			}
		}
	case now.Kind() == reflect.Struct && !isScalar(now.Type()):
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if before, after := fieldOf(read, name), fieldOf(now, name); before.IsValid() {
				c.overruled(join(key, name), fields[name], before, after)
			}
		}
	case list && len(items) > 0 && read.Kind() == reflect.Slice && read.Len() == len(items) && now.Len() == len(items):
		for i, item := range items {
			c.overruled(key+"["+strconv.Itoa(i)+"]", item, read.Index(i), now.Index(i))
		}
	case asWritten(read) != asWritten(now):
		c.add(key, "write another value, or leave the key out to get the default,", "zero and nothing do not count here, and it would become %s", asWritten(now))
	}
}

// asWritten is a value as a stack file has it.
func asWritten(value reflect.Value) string {
	if quantity, is := value.Interface().(resource.Quantity); is {
		return quantity.String()
	}
	return fmt.Sprint(value.Interface())
}

// fieldOf is the field of a struct with a key, or of a struct embedded in it.
func fieldOf(value reflect.Value, key string) reflect.Value {
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if field.Tag.Get(tag) == key {
			return value.Field(i)
		}
		if field.Anonymous && field.Type.Kind() == reflect.Struct {
			if found := fieldOf(value.Field(i), key); found.IsValid() {
				return found
			}
		}
	}
	return reflect.Value{}
}
