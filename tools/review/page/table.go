package page

import (
	"slices"
	"strings"

	"platform/tools/review"
)

// What of a fault a comment shows; the rest is where the whole is.
const (
	faultLines = 40
	faultBytes = 16_000
)

// fault shows why there is no plan.
func (c *composer) fault(text string) block {
	var b code
	size := 0
	parts := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, part := range parts {
		part = visible(part)
		if c.brief && (i >= faultLines || size+len(part) > faultBytes) {
			left := of(len(parts)-i, "further line")
			if i == 0 { // one line that is longer than everything
				left = of(len(part), "byte") + " in one line"
			}
			b.lines = append(b.lines, line{' ', "… " + left})
			return b
		}
		size += len(part)
		b.lines = append(b.lines, line{' ', part})
	}
	return b
}

// table has a row for each stack that changes.
func (c *composer) table() []block {
	t := dataTable{head: []string{"Stack", "Verdict", "Create", "Update", "Replace", "Delete"}, numbers: []bool{false, false, true, true, true, true, true, true}}
	forgets := slices.ContainsFunc(c.sections, func(s review.Section) bool { return howMany(s, review.OpForget) > 0 })
	if forgets {
		t.head = append(t.head, "Forget")
	}
	t.head = append(t.head, "Same")
	t.numbers = t.numbers[:len(t.head)]
	for _, s := range c.sections {
		if unchanged(s) {
			continue
		}
		words := verdictWords[s.Verdict()]
		row := []inline{c.stack(s), say(words.sign + " " + words.name)}
		for _, op := range review.Ops {
			if op != review.OpForget || forgets {
				row = append(row, say(count(howMany(s, op))))
			}
		}
		t.rows = append(t.rows, append(row, say(count(s.Same))))
	}
	if t.rows == nil {
		return nil
	}
	return []block{t}
}

// unchanged is the one line of all stacks that stay as they are.
func (c *composer) unchanged() inline {
	var names []inline
	same := 0
	for _, s := range c.sections {
		if unchanged(s) {
			names = append(names, c.stack(s))
			same += s.Same
		}
	}
	if names == nil {
		return nil
	}
	return say("Unchanged: ").and(list(", ", names...), say(" ("+of(same, "resource")+")."))
}
