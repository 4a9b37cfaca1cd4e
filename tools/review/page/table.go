package page

import (
	"slices"
	"strings"

	"platform/tools/review"
)

// What of an error a comment shows; the rest is where the whole is.
const (
	errorLines = 40
	errorBytes = 16_000
)

// error shows why there is no plan.
func (c *composer) problem(text string) block {
	var b code
	size := 0
	parts := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, part := range parts {
		part = visible(part)
		if c.brief && (i >= errorLines || size+len(part) > errorBytes) {
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

// stacks is a line for each stack: what changes in a table, what stays, the
// images that change, and what is not known.
func (c *composer) stacks() []block {
	all := c.table()
	for _, s := range c.sections {
		if s.Stopped {
			all = append(all, paragraph{stress("▲ Not everything is known").and(say(" of "), c.stack(s), say(": the engine stopped at what it refused, before it planned the rest."))})
		}
	}
	for _, s := range c.sections {
		if text := c.images(s); text != nil {
			all = append(all, paragraph{text})
		}
	}
	if text := c.unchanged(); text != nil {
		all = append(all, paragraph{text})
	}
	return all
}

// table has a row for each stack that changes. A cell of nothing is empty.
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
		var verdicts []inline
		for _, v := range s.Verdicts() {
			verdicts = append(verdicts, say(verdictText(v)))
		}
		row := []inline{c.stack(s), list(", ", verdicts...)}
		for _, op := range review.Ops {
			if op != review.OpForget || forgets {
				row = append(row, some(howMany(s, op)))
			}
		}
		t.rows = append(t.rows, append(row, some(s.Same)))
	}
	if t.rows == nil {
		return nil
	}
	return []block{t}
}

// some is a number, and nothing for none.
func some(n int) inline {
	if n == 0 {
		return nil
	}
	return say(count(n))
}

// images are those of a stack that become others.
func (c *composer) images(s review.Section) inline {
	var texts []string
	for _, d := range s.Images() {
		now := d.New
		if at := strings.LastIndexByte(now, ':'); at >= 0 && strings.HasPrefix(d.Old, now[:at+1]) {
			now = now[at+1:] // the tag says it
		}
		texts = append(texts, d.Old+" → "+now)
	}
	if texts == nil {
		return nil
	}
	rest := ""
	if more := len(texts) - mostImages; more > 0 {
		texts, rest = texts[:mostImages], " and "+count(more)+" more"
	}
	return say("Images of ").and(c.stack(s), say(": "), quotes(texts), say(rest+"."))
}

// mostImages is how many images are named for a stack; the diffs have the rest.
const mostImages = 10

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
