package page

import (
	"fmt"
	"slices"
	"strings"

	"platform/tools/review"
)

// manyObjects is how many objects share a block at the most: a block is cut as
// a whole.
const manyObjects = 100

// unit is what is shown or cut as a whole.
type unit struct {
	section int    // that it is of
	class   int    // units of the least class are cut first
	what    string // to be counted when it is cut, such as "update"
	weight  int    // resources, or rows, that it shows
	blocks  []block
	row     []inline

	written string // as Markdown; empty before
	gone    bool
}

// weight is what units show together.
func weight(all []*unit) int {
	n := 0
	for _, u := range all {
		n += u.weight
	}
	return n
}

// The classes of what is not the diff of a resource; see [unit].
const (
	classFinding = iota + 10 // was there before
	classReach
	classRestart
	classNewFinding
)

// leastFirst are the operations from the one that a reader can best do without.
var leastFirst = []review.Op{review.OpCreate, review.OpUpdate, review.OpForget, review.OpReplace, review.OpDelete}

// units are the diffs of a section, the worst first. Resources that change
// alike share one.
func units(section int, s review.Section) []*unit {
	type group struct {
		op      review.Op
		forces  []string
		objects []string
		lines   []line
	}
	var groups []*group
	alike := map[string]*group{}
	for _, c := range s.Changes {
		lines := collapse(c.Op, c.Diffs)
		key := fmt.Sprintf("%q %q\n%s", c.Op, c.Forces, join(lines))
		g := alike[key]
		if g == nil || len(g.objects) == manyObjects {
			g = &group{op: c.Op, forces: c.Forces, lines: lines}
			alike[key] = g
			groups = append(groups, g)
		}
		g.objects = append(g.objects, strings.TrimSpace(c.Kind+" "+c.Object))
	}
	var all []*unit
	for _, g := range groups {
		u := &unit{section: section, class: slices.Index(leastFirst, g.op), what: string(g.op), weight: len(g.objects)}
		title := stress(string(g.op)).and(say(" "))
		if u.class < 0 { // of no revision that is known
			u.class, u.what, title = len(leastFirst), "other operation", quote(string(g.op)).and(say(" "))
		}
		if len(g.objects) > 1 {
			title = title.and(say(of(len(g.objects), "object") + " alike: "))
		}
		title = title.and(quotes(g.objects))
		if len(g.forces) > 0 {
			title = title.and(say(", forced by "), quotes(g.forces))
		}
		u.blocks = append(u.blocks, paragraph{title})
		if len(g.lines) > 0 {
			u.blocks = append(u.blocks, code{diff: true, lines: g.lines})
		}
		all = append(all, u)
	}
	slices.SortStableFunc(all, func(a, b *unit) int { return b.class - a.class })
	return all
}

func join(lines []line) string {
	var all strings.Builder
	for _, l := range lines {
		all.WriteByte(l.sign)
		all.WriteString(l.text)
		all.WriteByte('\n')
	}
	return all.String()
}
