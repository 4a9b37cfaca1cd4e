package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible shows by its number each letter that would not be seen, or would move
// others: control characters, which a terminal obeys; marks that turn the
// direction of writing; letters without width, by which a word looks like
// another one. A line's end is shown as ↵.
func visible(text string) string {
	if plain(text) {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, "⟨%02X⟩", text[i])
		case r == '\n':
			out.WriteString("↵")
		case r == '\t':
			out.WriteString("⇥")
		case shown(r):
			out.WriteRune(r)
		default:
			fmt.Fprintf(&out, "⟨U+%04X⟩", r)
		}
		i += size
	}
	return out.String()
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func shown(r rune) bool {
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
