package config

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/api/resource"
)

// wrongType is a value that its field cannot hold.
type wrongType struct {
	why      string
	unquoted string // why, for keys whose values no message repeats
	remedy   string
}

func (w *wrongType) Error() string { return w.why }

// mismatch is a value of another type than the wanted.
func mismatch(value any, want, remedy string) *wrongType {
	rest := ", and this key holds " + want
	return &wrongType{why: describe(value) + rest, unquoted: kindOf(value) + rest, remedy: remedy}
}

// malformed is a value of the right type that is not what is wanted.
func malformed(shown, want, remedy string) *wrongType {
	return &wrongType{why: shown + " is not " + want, unquoted: "it is not " + want, remedy: remedy}
}

// quantityForm bounds what is given to the quantity parser: it would compute
// ten to the power of any exponent it is shown.
var quantityForm = regexp.MustCompile(`^[+-]?[0-9]{1,18}(\.[0-9]{1,9})?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,2})?$`)

// longestQuote bounds what a message repeats of a wrong value.
const longestQuote = 60

// isScalar tells the types that one string fills.
func isScalar(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[resource.Quantity](), reflect.TypeFor[netip.Prefix](), reflect.TypeFor[netip.Addr](), reflect.TypeFor[time.Duration]():
		return true
	default:
		return t.Kind() == reflect.String
	}
}

// strict refuses every value whose type is not the field's, and parses the
// rich types. The decoder on its own would take 2.5 for a whole number.
func strict(from, to reflect.Value) (any, error) {
	value := from.Interface()
	switch to.Type() {
	case reflect.TypeFor[resource.Quantity]():
		return quantity(value)
	case reflect.TypeFor[netip.Prefix]():
		return parsed(value, netip.ParsePrefix, "a network", "write it as 10.0.0.0/8")
	case reflect.TypeFor[netip.Addr]():
		return parsed(value, netip.ParseAddr, "an address", "write it as 192.168.3.100")
	case reflect.TypeFor[time.Duration]():
		return parsed(value, time.ParseDuration, "a duration", "write it as 30s or 5m")
	}
	switch to.Kind() {
	case reflect.String:
		return typed[string](value, "text", "put it in quotes")
	case reflect.Bool:
		return typed[bool](value, "true or false", "write true or false without quotes")
	case reflect.Int:
		return integer(value)
	case reflect.Slice:
		return typed[[]any](value, "a list", "write a list")
	case reflect.Map, reflect.Struct:
		return typed[map[string]any](value, "an object", "write an object of keys and values")
	default:
		return value, nil
	}
}

func typed[T any](value any, want, remedy string) (any, error) {
	if _, ok := value.(T); !ok {
		return nil, mismatch(value, want, remedy)
	}
	return value, nil
}

func parsed[T any](value any, parse func(string) (T, error), want, remedy string) (any, error) {
	text, ok := value.(string)
	if !ok {
		return nil, mismatch(value, want, remedy)
	}
	result, err := parse(text)
	if err != nil {
		return nil, malformed(quoted(text), want, remedy)
	}
	return result, nil
}

func quantity(value any) (any, error) {
	const remedy = "write it as 500m, 2 or 512Mi"
	if number, ok := value.(json.Number); ok {
		value = number.String() // cpu: 2 says the same as cpu: "2"
	}
	return parsed(value, func(text string) (resource.Quantity, error) {
		if !quantityForm.MatchString(text) {
			return resource.Quantity{}, resource.ErrFormatWrong
		}
		return resource.ParseQuantity(text)
	}, "a quantity", remedy)
}

// integer takes 3 and 3.0, which is how some writers of JSON put a 3.
func integer(value any) (any, error) {
	const want = "a whole number"
	number, ok := value.(json.Number)
	if text, isText := value.(string); isText {
		return nil, mismatch(text, want, "write a whole number without quotes")
	}
	if !ok {
		return typed[json.Number](value, want, "write a whole number")
	}
	if whole, err := strconv.ParseInt(number.String(), 10, strconv.IntSize); err == nil {
		return int(whole), nil
	}
	float, err := number.Float64()
	const exact = 1 << 53 // beyond it a float no longer tells neighbours apart
	if err != nil || float != float64(int64(float)) || float > exact || float < -exact {
		return nil, malformed(clipped(number.String()), want, "write a whole number")
	}
	return int(float), nil
}

// describe says what a value is, as the reader of a stack file sees it.
func describe(value any) string {
	switch value := value.(type) {
	case string:
		return quoted(value) + " is a string"
	case json.Number:
		return clipped(value.String()) + " is a number"
	case bool:
		return fmt.Sprintf("%t is a boolean", value)
	case []any:
		return "this is a list"
	case map[string]any:
		return "this is an object"
	default:
		return fmt.Sprintf("this is a %T", value)
	}
}

// kindOf is [describe] without the value.
func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "this is a string"
	case json.Number:
		return "this is a number"
	case bool:
		return "this is a boolean"
	default:
		return describe(value)
	}
}

func quoted(text string) string { return strconv.Quote(clipped(text)) }

// clipped keeps a pasted page out of an error message.
func clipped(text string) string {
	if utf8.RuneCountInString(text) <= longestQuote {
		return text
	}
	return strings.ToValidUTF8(string([]rune(text)[:longestQuote]), "") + "…"
}
