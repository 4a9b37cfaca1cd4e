package page

import (
	"cmp"
	"slices"
	"strings"

	"platform/tools/review"
)

// composer decides what is reported, and in which order.
type composer struct {
	o        Options
	brief    bool // long errors are shortened
	sections []review.Section
	views    []review.View // that there are
	diffs    [][]*unit     // of each section
	rows     map[string][]*unit
	order    []*unit // what may be cut, from the first on
}

// newComposer takes the sections in an order of its own: the worst first, then
// by name, whatever the order in which jobs handed them over.
func newComposer(sections []review.Section, o Options) *composer {
	c := &composer{o: o, sections: slices.Clone(sections), rows: map[string][]*unit{}}
	slices.SortStableFunc(c.sections, func(a, b review.Section) int {
		return cmp.Or(slices.Index(review.Verdicts, a.Verdict())-slices.Index(review.Verdicts, b.Verdict()), strings.Compare(a.Stack, b.Stack), strings.Compare(string(a.View), string(b.View)), a.Time.Compare(b.Time))
	})
	for i, s := range c.sections {
		if !slices.Contains(c.views, s.View) {
			c.views = append(c.views, s.View)
		}
		c.diffs = append(c.diffs, units(i, s))
	}
	slices.Sort(c.views)
	c.collect()
	return c
}

// blocks are the whole, less what is cut: what becomes of data first, then a
// line a stack, then the details, and where it all comes from last.
func (c *composer) blocks() []block {
	return slices.Concat(
		c.verdict(), c.alert(), c.risks(), c.stacks(), c.missing(), c.problems(),
		c.restarts(), c.reach(), c.capacity(), c.findings(), c.changes(), c.facts(),
	)
}

// stack names a section; its view is told where there is more than one.
func (c *composer) stack(s review.Section) inline {
	if len(c.views) < 2 {
		return quote(s.Stack)
	}
	return quote(s.Stack).and(say(" ("), viewName(s.View), say(")"))
}

func viewName(v review.View) inline {
	switch v {
	case review.ViewChange, review.ViewCluster, review.ViewDrift:
		return say(string(v))
	}
	return quote(string(v))
}

// unchanged reports whether there is nothing to tell of a stack.
func unchanged(s review.Section) bool {
	return s.Verdict() == review.Safe && len(s.Changes) == 0
}

// changes are the diffs, one part to open for each stack.
func (c *composer) changes() []block {
	var all []block
	for i, s := range c.sections {
		var kept []block
		shown := 0
		for _, u := range c.diffs[i] {
			if !u.gone {
				kept = append(kept, cuttable{u})
				shown += u.weight
			}
		}
		if len(kept) == 0 {
			continue
		}
		all = append(all, fold{summary: say("Stack ").and(c.stack(s), say(": "+tally(s)+part(shown, len(s.Changes)))), blocks: kept})
	}
	if all == nil {
		return nil
	}
	return append([]block{heading{2, say("Changes, resource by resource")}}, all...)
}

// part says that not all of something is shown.
func part(shown, all int) string {
	if shown == all {
		return ""
	}
	return "; " + count(shown) + " of " + count(all) + " shown"
}

// tally counts a stack's changes by operation: "3 to create, 1 to delete".
func tally(s review.Section) string {
	var all []string
	for _, op := range review.Ops {
		if n := howMany(s, op); n > 0 {
			all = append(all, count(n)+" to "+string(op))
		}
	}
	return strings.Join(all, ", ")
}

func howMany(s review.Section, op review.Op) int {
	n := 0
	for _, c := range s.Changes {
		if c.Op == op {
			n++
		}
	}
	return n
}
