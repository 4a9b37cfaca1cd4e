package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
)

// secureKey marks a value that the engine keeps encrypted in a stack file.
const secureKey = "secure"

// fieldsOf maps the keys that a struct has to the types of their fields, those
// of embedded structs among them.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := make(map[string]reflect.Type, t.NumField())
	for i := range t.NumField() {
		field := t.Field(i)
		switch name := field.Tag.Get(tag); {
		case field.Anonymous:
			maps.Copy(fields, fieldsOf(field.Type))
		case name != "":
			fields[name] = field.Type
		}
	}
	return fields
}

// prune walks a value beside the type it is to fill, reports keys that the
// type does not have and keys without a value, and returns the rest. The
// decoder's own list of unused keys is lost for every object in which
// anything else is wrong; this one is not.
func (c *collector) prune(key string, value any, t reflect.Type) (any, bool) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := value.(type) {
	case nil:
		c.empty(key)
		return nil, false
	case map[string]any:
		return c.pruneObject(key, value, t)
	case []any:
		return c.pruneList(key, value, t), true
	case string:
		if t == reflect.TypeFor[SecretText]() {
			return value, true
		}
		if isToken(key, value) {
			c.token(key)
			return nil, false
		}
		return value, true
	default:
		return value, true
	}
}

func (c *collector) pruneObject(key string, object map[string]any, t reflect.Type) (any, bool) {
	switch {
	case isSecure(object) && t == reflect.TypeFor[SecretText]():
		return string(encrypted), true
	case isSecure(object) && key == stackSecrets: // checkStackSecrets reports it
		return nil, false
	case isSecure(object):
		c.credential(key)
		return nil, false
	}
	kept := make(map[string]any, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		path, field := below(key, name, t)
		switch {
		case isToken(key, name):
			c.token(key + "[" + hidden + "]")
			continue
		case t.Kind() == reflect.Map && entryOfCredential(key, name):
			c.misplaced(path, c.environmentRemedy())
			continue
		case field == nil:
			c.unknown(key, name, fieldsOf(t), has(object))
			continue
		}
		if value, ok := c.prune(path, object[name], field); ok {
			kept[name] = value
		}
	}
	return kept, true
}

// below names what lies under a name in an object that is to fill a type, and
// gives its type: none for a field that a struct does not have, and the same for
// an object where the type wants something else.
func below(key, name string, t reflect.Type) (string, reflect.Type) {
	switch {
	case t != nil && t.Kind() == reflect.Map:
		return key + "[" + name + "]", t.Elem()
	case t != nil && t.Kind() == reflect.Struct && !isScalar(t):
		return join(key, name), fieldsOf(t)[name]
	default:
		return key + "[" + name + "]", t
	}
}

// pruneList keeps a place for each item, so that indexes stay those of the file.
func (c *collector) pruneList(key string, list []any, t reflect.Type) []any {
	element := t
	if t.Kind() == reflect.Slice {
		element = t.Elem()
	}
	kept := make([]any, len(list))
	for i, item := range list {
		kept[i], _ = c.prune(key+"["+strconv.Itoa(i)+"]", item, element)
	}
	return kept
}

// empty reports a key that is written down and has nothing behind it.
func (c *collector) empty(key string) {
	c.settle(Error{
		Key: key, Why: "it has no value",
		Remedy: fmt.Sprintf("write one or remove the key from %s", c.fileOf(key)),
	})
}

func isSecure(object map[string]any) bool {
	_, secure := object[secureKey].(string)
	return secure && len(object) == 1
}

// credential reports a value that is kept as a secret. It is never quoted.
func (c *collector) credential(key string) {
	remedy := c.sourceRemedy()
	if private(key) {
		remedy = c.environmentRemedy()
	}
	c.settle(Error{Key: key, Why: "it is marked secret, and a stack file holds no credentials", Remedy: remedy})
}

// unknown reports a key that the type does not have. Unless the key it was
// probably meant to be is there too, that one counts as reported: that it is
// missing follows.
func (c *collector) unknown(parent, name string, fields map[string]reflect.Type, there func(string) bool) {
	if ofInfisical(name) || private(parent) && namesCredential(name) {
		c.misplaced(join(parent, name), c.environmentRemedy())
		return
	}
	names := slices.Sorted(maps.Keys(fields))
	problem := Error{
		Key: join(parent, name), Why: "no such key",
		Remedy: fmt.Sprintf("use one of %s or remove it in %s", strings.Join(names, ", "), c.fileOf(join(parent, name))),
	}
	nearest, found := Nearest(name, names)
	switch {
	case !found && namesCredential(name):
		c.misplaced(problem.Key, c.sourceRemedy())
		return
	case !found:
		c.settle(problem)
		return
	}
	problem.Remedy = fmt.Sprintf("did you mean %s? rename it in %s", nearest, c.fileOf(join(parent, name)))
	if there(nearest) {
		c.settle(problem)
		return
	}
	c.settle(problem, join(parent, nearest))
}

// has tells which keys a map holds.
func has[V any](m map[string]V) func(string) bool {
	return func(key string) bool { _, there := m[key]; return there }
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// Nearest finds the name that a slip of the keyboard could have meant: at
// most a third of its letters away, without regard to case.
func Nearest(wrong string, names []string) (string, bool) {
	best, distance := "", len(wrong)+1
	for _, name := range names {
		if d := levenshtein.Distance(strings.ToLower(wrong), strings.ToLower(name), nil); d < distance {
			best, distance = name, d
		}
	}
	return best, best != "" && distance <= max(1, len(best)/3)
}
