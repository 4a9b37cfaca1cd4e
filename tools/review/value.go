package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// isUnknown reports whether a value of the log is not known before the deployment.
func isUnknown(value any) bool { return value == plugin.UnknownStringValue }

// escapes are what a terminal takes for colors and moves, and does not show.
var escapes = regexp.MustCompile(`\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])`)

// plain are the texts that YAML writes without quotes, but for [words].
var plain = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9_./@=+:-]*[A-Za-z0-9_/=-]$|^[A-Za-z/]$|^[0-9]+(\.[0-9]+)?(m|k|Ki|Mi?|Gi?|Ti?|Pi?|Ei?|ms|s|h|d|%)$`)

// words are those that YAML takes for something else than a text.
var words = map[string]bool{"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true, "null": true}

// scalar is a leaf as YAML writes it, on one line: a text that could be read
// as something else stands in double quotes. A value longer than [Longest] is
// cut.
func scalar(value any) string {
	switch v := value.(type) {
	case string:
		if plain.MatchString(v) && !words[strings.ToLower(v)] {
			return cut(v, v)
		}
		return cut(quoted(v), v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default: // true, false, null, an empty list or map
		return quoted(v)
	}
}

func quoted(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "?" // nothing that was read as JSON
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// Longest is how many bytes of a value a section has. Of a longer one it has
// so many, and a note with the length and the first 8 digits of the SHA-256 of
// the whole: two values that differ behind the cut can be told apart.
const Longest = 400

func cut(text, whole string) string {
	if len(text) <= Longest {
		return text
	}
	end := Longest
	for !utf8.RuneStart(text[end]) {
		end--
	}
	sum := sha256.Sum256([]byte(whole))
	return fmt.Sprintf("%s… (%d bytes, sha256 %s)", text[:end], len(whole), hex.EncodeToString(sum[:4]))
}

// leaf reports whether a value has none below.
func leaf(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return true
}
