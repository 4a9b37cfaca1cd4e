package infisical

import (
	"fmt"
	"io"
	"log/slog"
)

// masked is what a value prints.
const masked = "<secret>"

// Result is what one reading gave. However it is printed, it shows no value.
type Result struct {
	Values     map[string]Value // by SECRET/KEY; an optional one that is missing is empty
	Undeclared []string         // PATH/NAME of what the folders hold and nobody wanted, sorted
}

// Value is one secret text. Every verb of fmt, JSON, YAML and slog print
// <secret>. The text is held by a function, so that printers which look into
// unexported fields, as those of test assertions do, find an address.
type Value struct{ reveal func() string }

func newValue(text string) Value { return Value{func() string { return text }} }

// Reveal is the text itself; the zero Value reveals an empty text.
func (v Value) Reveal() string {
	if v.reveal == nil {
		return ""
	}
	return v.reveal()
}

// Format prints <secret> for every verb.
func (Value) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, masked) }

// String is <secret>.
func (Value) String() string { return masked }

// MarshalText is <secret>, also for JSON and YAML.
func (Value) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue is <secret>.
func (Value) LogValue() slog.Value { return slog.StringValue(masked) }
