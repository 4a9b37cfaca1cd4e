package secret

import (
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// StoredValue is the place of one value in Infisical. Where the operator
// delivers, components compose texts from its [StoredValue.Token] as they
// would from the value.
type StoredValue struct {
	Folder   string // absolute, such as /backend-secrets
	Name     string // in that folder, such as SECRET_KEY
	Optional bool   // empty where the folder has none
}

// Token stands for the value: letters and digits alone, which no escaping
// changes, and the same for the same place.
func (v StoredValue) Token() string {
	place := strings.Join([]string{v.Folder, v.Name, strconv.FormatBool(v.Optional)}, "\x00")
	return tokenStart + hex.EncodeToString([]byte(place)) + string(verbatim.end)
}

const tokenStart = "InfisicalValue"

// tokens finds tokens in a text. What ends one is no hexadecimal digit, so
// that any text may follow it.
var tokens = regexp.MustCompile(tokenStart + "([0-9a-f]+)([A-Z])")

// storedValue is the place that the hexadecimal digits of a token stand for.
func storedValue(digits string) (StoredValue, error) {
	place, err := hex.DecodeString(digits)
	parts := strings.Split(string(place), "\x00")
	if err != nil || len(parts) != 3 {
		return StoredValue{}, errors.New("names no place in Infisical; take it from the secret source")
	}
	return StoredValue{Folder: parts[0], Name: parts[1], Optional: parts[2] == "true"}, nil
}

// spelling is how a value is written within a text. A token carries the one that
// its place in the text asks for, since the value comes only when the operator
// writes it.
type spelling struct {
	end    rune   // of the token
	safe   string // class of the characters that stay as they are, a regular expression; empty means all
	prefix string // of each byte of the others
	verb   string // of [fmt.Printf], which puts a blank between two bytes
}

// The spellings that components use. Their classes are those of the functions
// that write values the program has itself: net/url's and [requirepass].
var (
	verbatim    = spelling{end: 'V'}
	InUserinfo  = spelling{end: 'U', safe: "[-A-Za-z0-9_.~$&+,;=]", prefix: "%", verb: "% X"}
	InRedisConf = spelling{end: 'R', safe: "[A-Za-z0-9]", prefix: `\x`, verb: "% x"}
	spellings   = []spelling{verbatim, InUserinfo, InRedisConf}
)

// Mark has a token written so; what is none stays as it is.
func (s spelling) Mark(text string) string {
	if found := tokens.FindString(text); found != text || text == "" {
		return text
	}
	return text[:len(text)-1] + string(s.end)
}
