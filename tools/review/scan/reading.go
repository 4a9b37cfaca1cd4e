package scan

import (
	"html"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is a text as somebody may read it.
type reading struct {
	text  string
	at    []int // for each byte its place in the original; nil where that is the same
	lines []int // where the lines of the original begin
}

// origin is where in the original a place is, by line, from 1, and byte of it.
func (r reading) origin(at int) (row, column int) {
	if r.at != nil {
		at = r.at[at]
	}
	row = sort.SearchInts(r.lines, at+1)
	return row, at - r.lines[row-1]
}

// readings are all ways to read a text.
func readings(text string) []reading {
	return []reading{raw(text), bare(text, true, false), bare(text, false, false)}
}

func linesOf(text string) []int {
	begins := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			begins = append(begins, i+1)
		}
	}
	return begins
}

// raw reads a text as it is.
func raw(text string) reading { return reading{text: text, lines: linesOf(text)} }

var (
	tag = regexp.MustCompile(`^(?:</?[A-Za-z][^<>]{0,500}>|<!--|-->)`)
	// unseen is how the page shows a letter that is not seen.
	unseen = regexp.MustCompile(`^⟨(?:U\+)?[0-9A-F]{2,6}⟩`)
	entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,30});`)
)

// bare reads what is left once Markdown, HTML and letters without width are
// taken away: a value that they split is whole again. The signs of a diff at
// the beginning of lines go, too, and blanks where they are not kept: Markdown
// has blanks of its own around code. What is written as a tag is one in HTML
// only: in the code of a comment it is part of the value.
func bare(text string, tags, blanks bool) reading {
	r := reading{lines: linesOf(text)}
	var out []byte
	put := func(at int, letters string) {
		for i := range len(letters) {
			out = append(out, letters[i])
			r.at = append(r.at, at)
		}
	}
	begins := false // nothing but tags since the line began
	for i := 0; i < len(text); {
		rest := text[i:]
		size := 1
		began := begins
		begins = false
		switch b := rest[0]; {
		case began && len(rest) > 1 && strings.IndexByte("+-! ", b) >= 0 && rest[1] == ' ':
			size = 2
		case tags && (b == '<' || b == '-' && strings.HasPrefix(rest, "-->")):
			if found := tag.FindString(rest); found != "" {
				size, begins = len(found), began
				break
			}
			put(i, rest[:1])
		case b == '&':
			if found := entity.FindString(rest); found != "" {
				size = len(found)
				put(i, letters(html.UnescapeString(found)))
				break
			}
			put(i, "&")
		case strings.IndexByte(signs, b) >= 0:
		case strings.HasPrefix(rest, "⟨") && unseen.MatchString(rest):
			size = len(unseen.FindString(rest))
		case b == '\n' || b == ' ' || b == '\t' || b == '\r' || strings.HasPrefix(rest, "↵") || strings.HasPrefix(rest, "⇥"):
			if begins = b == '\n'; b >= utf8.RuneSelf {
				size = len("↵")
			}
			if n := len(out); blanks && n > 0 && out[n-1] != ' ' {
				put(i, " ")
			}
		default:
			var letter rune
			letter, size = utf8.DecodeRuneInString(rest)
			if !invisible(letter) {
				put(i, rest[:size])
			}
		}
		i += size
	}
	if r.at == nil {
		r.at = []int{}
	}
	r.text = string(out)
	return r
}

// signs are those of Markdown that may stand between any two letters.
const signs = "\\`*~"

// letters is a value as bare reads it without blanks.
func letters(value string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && strings.IndexByte(signs, byte(r)) >= 0 || unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return r
	}, value)
}

// invisible letters have no width, or are shown by their number. What is no
// letter of Unicode is one of them.
func invisible(r rune) bool {
	return r == utf8.RuneError || !unicode.IsPrint(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
