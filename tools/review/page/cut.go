package page

import (
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode"

	"platform/tools/review"
)

// cut writes the comment, and leaves out as little of it as it takes to fit:
// the diffs of what is created, then of what is updated, forgotten, replaced
// and deleted, the largest first; then findings that were there before. Should
// that not do, rows of who reaches whom, of restarts and of new findings
// follow. Verdict, table, errors, risks and capacity stay.
func (c *composer) cut(write func() string) string {
	text := write()
	if c.o.fits(text) {
		return text
	}
	for _, name := range []string{"old", "reach", "restart", "new"} {
		c.order = append(c.order, c.rows[name]...)
	}
	c.order = append(slices.Concat(c.diffs...), c.order...)
	slices.Reverse(c.order) // of equals the last goes first
	slices.SortStableFunc(c.order, func(a, b *unit) int {
		if a.class != b.class || a.row != nil {
			return a.class - b.class
		}
		return len(b.written) - len(a.written)
	})
	least := sort.Search(len(c.order), func(n int) bool {
		c.drop(n)
		return c.o.fits(write())
	})
	c.drop(least)
	return write()
}

func (c *composer) drop(n int) {
	for i, u := range c.order {
		u.gone = i < n
	}
}

// missing says how many of what were cut from each stack, and where the whole
// is.
func (c *composer) missing() []block {
	var stacks []inline
	for i, s := range c.sections {
		counts := map[string]int{}
		var whats []string
		for _, u := range c.order {
			if u.gone && u.section == i {
				if counts[u.what] == 0 {
					whats = append(whats, u.what)
				}
				counts[u.what] += u.weight
			}
		}
		parts := missed(counts, whats)
		if parts != nil {
			stacks = append(stacks, c.stack(s).and(say(": "+strings.Join(parts, ", "))))
		}
	}
	if stacks == nil {
		return nil
	}
	return []block{paragraph{stress("Left out for length").and(say(", from stack "), list("; ", stacks...), say(". "), c.whole())}}
}

// missed counts what was cut, diffs by operation.
func missed(counts map[string]int, whats []string) []string {
	var diffs, others []string
	for _, what := range whats {
		switch n := counts[what]; {
		case slices.Contains(review.Ops, review.Op(what)):
			diffs = append(diffs, count(n)+" to "+what)
		default:
			noun, rest, _ := strings.Cut(what, " ") // the noun comes last, but in change of reach
			if strings.HasPrefix(rest, "of ") {
				others = append(others, of(n, noun)+" "+rest)
			} else {
				others = append(others, of(n, what))
			}
		}
	}
	if diffs != nil {
		others = append([]string{"the diffs of " + strings.Join(diffs, ", ")}, others...)
	}
	return others
}

// whole says where everything is.
func (c *composer) whole() inline {
	if c.o.Whole == "" {
		return say("The page of this review has the whole.")
	}
	return say("The whole: ").and(address(c.o.Whole), say("."))
}

// address is a link where it is an address of the web and nothing else.
func address(text string) inline {
	at, err := url.Parse(text)
	odd := func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune("<>\"'`\\()[]|", r) }
	if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" || strings.ContainsFunc(text, odd) {
		return quote(text)
	}
	return inline{{form: link, text: "all of it", whole: text}}
}

// notice is for when not even the head fits.
func (c *composer) notice() []block {
	risks, problems := 0, 0
	for _, s := range c.sections {
		risks += len(s.Risks)
		if s.Error != "" {
			problems++
		}
	}
	text := say("This is too long for a comment: " + of(len(c.sections), "stack") + ", of which " + count(problems) + " without a whole plan, and " +
		of(risks, "object") + " with data at risk. Read the whole before this is merged. ")
	return []block{heading{1, say(c.counts())}, paragraph{text.and(c.whole())}}
}

// counts are how many stacks have each verdict.
func (c *composer) counts() string {
	var all []string
	for _, v := range review.Verdicts {
		if n := len(c.with(v)); n > 0 {
			all = append(all, verdictText(v)+": "+of(n, "stack"))
		}
	}
	return strings.Join(all, ", ")
}
