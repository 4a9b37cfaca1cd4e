package secret

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Shown stands in the place of a secret value.
const Shown = "[secret]"

// Known are values that must not be shown. The zero value and nil know none.
// Several goroutines may use one.
type Known struct {
	mu     sync.RWMutex
	values map[string]bool
	starts map[string][]string // forms of values, by the letters that they begin with
	short  []string            // values that may be part of any word
}

// NewKnown knows these values.
func NewKnown(values ...string) *Known {
	k := &Known{}
	k.Add(values...)
	return k
}

// Add knows more values.
func (k *Known) Add(values ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.values == nil {
		k.values, k.starts = map[string]bool{}, map[string][]string{}
	}
	for _, value := range values {
		if strings.TrimSpace(value) == "" || value == Shown || k.values[value] {
			continue
		}
		k.values[value] = true
		for _, form := range formsOf(value) {
			if len(form) < shortestBare {
				k.short = append(k.short, form)
				continue
			}
			start := form[:shortestBare]
			if !slices.Contains(k.starts[start], form) {
				k.starts[start] = append(k.starts[start], form)
			}
		}
	}
}

// Span is a part of a text, by its bytes.
type Span struct{ From, To int }

// Find is where a text has known values, in any of their forms, and also where
// Markdown, HTML, colors or the breaks of lines divide one. Spans are in the
// order of the text and apart from each other.
func (k *Known) Find(text string) []Span {
	if k == nil || text == "" {
		return nil
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	if len(k.values) == 0 {
		return nil
	}
	var found []Span
	for _, r := range readings(text) {
		for from := range max(0, len(r.text)-shortestBare+1) {
			for _, form := range k.starts[r.text[from:from+shortestBare]] {
				if strings.HasPrefix(r.text[from:], form) {
					found = append(found, r.origin(from, from+len(form)))
				}
			}
		}
	}
	for _, value := range k.short {
		for from := 0; ; {
			at := strings.Index(text[from:], value)
			if at < 0 {
				break
			}
			at += from
			if from = at + len(value); alone(text[:at], text[from:]) {
				found = append(found, Span{at, from})
			}
		}
	}
	slices.SortFunc(found, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	var apart []Span
	for _, one := range found {
		if n := len(apart); n > 0 && one.From <= apart[n-1].To {
			apart[n-1].To = max(apart[n-1].To, one.To)
		} else {
			apart = append(apart, one)
		}
	}
	return apart
}

// alone tells of what is before and behind a short value whether it stands for
// itself: in quotes, or as the whole of a text or of what follows a name.
func alone(before, after string) bool {
	for _, quote := range []string{`"`, `'`} {
		if strings.HasSuffix(before, quote) && strings.HasPrefix(after, quote) {
			return true
		}
	}
	return (before == "" || strings.HasSuffix(before, ": ")) && (after == "" || after[0] == '\n')
}

// Hide is a text with [Shown] in the place of every known value. Its lines stay.
func (k *Known) Hide(text string) string {
	found := k.Find(text)
	if len(found) == 0 {
		return text
	}
	var out strings.Builder
	end := 0
	for _, span := range found {
		out.WriteString(text[end:span.From])
		for i, part := range strings.Split(text[span.From:span.To], "\n") {
			if i > 0 {
				out.WriteString("\n")
			}
			if rest := strings.TrimLeft(part, " \t"); rest != "" {
				out.WriteString(part[:len(part)-len(rest)] + Shown)
			}
		}
		end = span.To
	}
	return out.String() + text[end:]
}

// Holds reports whether a text has a known value in it.
func (k *Known) Holds(text string) bool { return len(k.Find(text)) > 0 }
