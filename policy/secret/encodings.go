package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// formsOf are the texts that a value may have become on its way: itself, what
// YAML and JSON make of it within quotes, escaped for an address, and encoded,
// also as part of something longer, and once more as a Secret's data are. Lines
// of a longer value are values, too.
func formsOf(value string) []string {
	parts := []string{value}
	for part := range strings.SplitSeq(value, "\n") {
		if part = strings.TrimSpace(part); part != value && len(part) >= shortestLine && !armor.MatchString(part) {
			parts = append(parts, part)
		}
	}
	if text := base64.StdEncoding.EncodeToString([]byte(value)); len(value) >= shortestBare {
		parts = append(parts, text)
		for _, width := range []int{64, 76} { // as openssl and base64 break lines
			for rest := text; len(text) > width && len(rest) >= shortestLine; rest = rest[min(width, len(rest)):] {
				parts = append(parts, rest[:min(width, len(rest))])
			}
		}
	}
	var all []string
	for _, part := range parts {
		all = append(all, part, strings.TrimSpace(part), strings.ReplaceAll(part, "'", "''"))
		all = append(all, quoted(part)...)
		for _, escaped := range []string{url.QueryEscape(part), url.PathEscape(part)} {
			all = append(all, escaped, lowerEscapes(escaped))
		}
		if len(part) >= shortestBare {
			all = append(all, hex.EncodeToString([]byte(part)), strings.ToUpper(hex.EncodeToString([]byte(part))))
			all = append(all, encoded(part)...)
		}
	}
	var kept []string
	for _, one := range all {
		if bare := letters(one); len(bare) >= shortestBare { // as it reads once Markdown's signs are gone
			kept = append(kept, bare)
		}
		if strings.TrimSpace(one) != "" && (one == value || len(one) >= shortestBare) {
			kept = append(kept, one)
		}
	}
	return kept
}

// shortestBare is the length, in bytes, from which on a value is looked for
// wherever it stands. A shorter one may be part of any word.
const shortestBare = 6

// shortestLine is the length from which on a line of a value counts by itself.
const shortestLine = 8

// armor is the first and the last line of a key, which are no secret.
var armor = regexp.MustCompile(`^-----(?:BEGIN|END) [A-Z0-9 ]+-----$`)

// quoted are the forms in quotes of JSON, YAML and Go, without the quotes.
func quoted(value string) []string {
	var all []string
	for _, escape := range []bool{true, false} {
		var out strings.Builder
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(escape)
		if encoder.Encode(value) == nil { // a text always can be encoded
			all = append(all, strings.Trim(out.String(), "\"\n"))
		}
	}
	return all
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(text string) string {
	b := []byte(text)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(string(b[i+1:i+3])))
			i += 2
		}
	}
	return string(b)
}

// encoded are the forms in base64: of the value, and of any longer text that it
// is part of. There it begins at one of three places of a group; what its
// neighbors have a part in is left off.
func encoded(value string) []string {
	var all []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			text := encoding.EncodeToString(append(make([]byte, shift), value...))
			first := (shift*8 + 5) / 6
			last := (shift + len(value)) * 8 / 6
			if text = text[first:last]; len(text) >= shortestBare {
				all = append(all, text)
			}
		}
	}
	return all
}
