package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/go-viper/mapstructure/v2"
)

// tag is the struct tag that names a field's key.
const tag = "key"

// source is what the engine hands to a program: each key of the namespace,
// without its prefix, with its value as text. Objects and lists are JSON.
type source struct {
	values  map[string]string
	secret  map[string]bool // keys whose value no message may quote
	foreign []string        // keys of other namespaces
	file    *StackFile      // of the stack; nil where there is none at hand
	base    *base           // that it takes settings from; nil for none
	engine  bool            // the engine hands it over, with values that are not in the file
}

// decode reads a source into a struct, given by its pointer, and reports every
// error to the collector. What could not be read keeps its value. It knows
// nothing of any one platform: the struct's fields carry the key tag. It returns
// what was given, as objects, lists and values.
func decode(src source, result any, into *collector) map[string]any {
	fields := fieldsOf(reflect.TypeOf(result).Elem())
	tree := make(map[string]any, len(src.values))
	for _, key := range slices.Sorted(maps.Keys(src.values)) {
		field, known := fields[key]
		switch {
		case isToken("", key):
			into.token(hidden)
		case !known:
			into.unknown("", key, fields, has(src.values))
		case src.secret[key] && key != stackSecrets:
			into.credential(key)
		default:
			if value, ok := into.fromText(key, src.values[key], field); ok {
				tree[key] = value
			}
		}
	}
	into.structure(tree, result)
	return tree
}

// fromText turns the text of one top-level key into the value it stands for.
// Only here may a string stand for a number or a boolean, since the engine
// hands over nothing but strings; below, JSON keeps the types apart.
func (c *collector) fromText(key, text string, field reflect.Type) (any, bool) {
	if field.Kind() == reflect.Pointer {
		field = field.Elem()
	}
	var value any
	switch {
	case text == "":
		// nothing: reported as such below
	case isScalar(field):
		value = text
	case field.Kind() == reflect.Bool && (text == "true" || text == "false"):
		value = text == "true"
	case field.Kind() == reflect.Int && isNumber(text):
		value = json.Number(text)
	case field.Kind() == reflect.Bool, field.Kind() == reflect.Int:
		value = text
	default:
		var err error
		if value, err = fromJSON(text); err != nil {
			value = text // reported as the wrong type that it is
		}
	}
	return c.prune(key, value, field)
}

func isNumber(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && json.Valid([]byte(text))
}

// fromJSON reads exactly one JSON value and keeps its numbers as written.
func fromJSON(text string) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("text follows the value")
	}
	return value, nil
}

// structure fills the result from a tree that holds only known keys.
func (c *collector) structure(tree map[string]any, result any) {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: result, TagName: tag, Squash: true, DecodeHook: strict,
		MatchName: func(key, field string) bool { return key == field },
	})
	if err == nil {
		err = decoder.Decode(tree)
	}
	for _, leaf := range leaves(err) {
		c.mistyped(leaf)
	}
}

// mistyped reports one error of the decoder.
func (c *collector) mistyped(err error) {
	key, why, remedy := "", err.Error(), "correct it"
	var at *mapstructure.DecodeError
	if errors.As(err, &at) {
		key, why = at.Name(), at.Unwrap().Error()
	}
	if c.isSettled(key) {
		return
	}
	var wrong *wrongType
	switch typed := errors.As(err, &wrong); {
	case typed && private(key):
		why, remedy = wrong.unquoted, wrong.remedy
	case typed:
		why, remedy = wrong.why, wrong.remedy
	case private(key):
		why = "it cannot be read"
	}
	c.settle(Error{Key: key, Why: why, Remedy: remedy + " in " + c.fileOf(key)})
}

// leaves takes apart what the decoder joined.
func leaves(err error) []error {
	var at *mapstructure.DecodeError
	var joined interface{ Unwrap() []error }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &joined):
		var all []error
		for _, part := range joined.Unwrap() {
			all = append(all, leaves(part)...)
		}
		return all
	case errors.As(err, &at):
		return []error{at}
	default:
		return []error{err}
	}
}
