package secret

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is a text as somebody may read it.
type reading struct {
	text string
	at   []Span // for each byte its place in the original; nil where that is the same
}

// origin is what a part of the reading is in the original.
func (r reading) origin(from, to int) Span {
	if r.at == nil {
		return Span{from, to}
	}
	return Span{r.at[from].From, r.at[to-1].To}
}

// readings are all ways to read a text.
func readings(text string) []reading {
	return []reading{{text: text}, bare(text, true, false), bare(text, false, false)}
}

var (
	tag = regexp.MustCompile(`^(?:</?[A-Za-z][^<>]{0,500}>|<!--|-->)`)
	// unseen is how the page shows a letter that is not seen.
	unseen = regexp.MustCompile(`^⟨(?:U\+)?[0-9A-F]{2,6}⟩`)
	// color is what a terminal takes for colors and moves, and does not show.
	color  = regexp.MustCompile(`^\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])`)
	entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][0-9A-Za-z]{1,30});`)
)

// bare reads what is left once Markdown, HTML and letters without width are
// taken away: a value that they split is whole again. The signs of a diff at
// the beginning of lines go, too, and blanks where they are not kept: Markdown
// has blanks of its own around code. What is written as a tag is one in HTML
// only: in the code of a comment it is part of the value.
func bare(text string, tags, blanks bool) reading {
	s := stripper{tags: tags, blanks: blanks, at: []Span{}}
	for i := 0; i < len(text); {
		i += s.next(i, text[i:])
	}
	return reading{text: string(s.out), at: s.at}
}

// Bare is the text of a line of Markdown.
func Bare(line string) string { return strings.TrimSpace(bare(line, false, true).text) }

// stripper reads a text from its begin to its end.
type stripper struct {
	tags, blanks bool
	begins       bool // there was nothing but tags since the line began
	out          []byte
	at           []Span
}

// put adds what size bytes of the original read as.
func (s *stripper) put(at, size int, letters string) {
	for i := range len(letters) {
		s.out = append(s.out, letters[i])
		s.at = append(s.at, Span{at, at + size})
	}
}

// next reads what rest, which is not empty, begins with, and returns how many
// bytes that were.
func (s *stripper) next(at int, rest string) int {
	began := s.begins
	s.begins = false
	switch b := rest[0]; {
	case began && len(rest) > 1 && strings.IndexByte("+-! ", b) >= 0 && rest[1] == ' ':
		return len("+ ")
	case s.tags && (b == '<' || strings.HasPrefix(rest, "-->")):
		if found := tag.FindString(rest); found != "" {
			s.begins = began
			return len(found)
		}
	case b == '&':
		if found := entity.FindString(rest); found != "" {
			s.put(at, len(found), letters(html.UnescapeString(found)))
			return len(found)
		}
	case b == '\x1b':
		if found := color.FindString(rest); found != "" {
			s.begins = began
			return len(found)
		}
	case b == '\n' || b == ' ' || b == '\t' || b == '\r':
		s.begins = b == '\n'
		s.blank(at)
		return 1
	case strings.HasPrefix(rest, "↵") || strings.HasPrefix(rest, "⇥"):
		s.blank(at)
		return len("↵")
	case strings.HasPrefix(rest, "⟨") && unseen.MatchString(rest):
		return len(unseen.FindString(rest))
	case strings.IndexByte(signs, b) >= 0:
		return 1
	}
	letter, size := utf8.DecodeRuneInString(rest)
	if !invisible(letter) {
		s.put(at, size, rest[:size])
	}
	return size
}

func (s *stripper) blank(at int) {
	if n := len(s.out); s.blanks && n > 0 && s.out[n-1] != ' ' {
		s.put(at, 1, " ")
	}
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
