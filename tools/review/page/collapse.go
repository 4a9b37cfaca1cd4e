package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"platform/tools/review"
)

// runFrom is how many items of a list, or of names that count on, are reported by
// the first, the last and their number. Fewer are read faster than that.
const runFrom = 4

// collapse writes the values of one resource. Items that count on and are alike
// but for numbers, each of which grows by the same from one to the next, become
// one line of each sign: what is left out is known from the first and the last.
func collapse(op review.Op, diffs []review.Diff) []line { return collapseAt(op, diffs, 0) }

// collapseAt looks at one of the numbers in each path: 0 is the first.
func collapseAt(op review.Op, diffs []review.Diff, at int) []line {
	var all []line
	for len(diffs) > 0 {
		if _, _, _, ok := split(diffs[0].Path, at); !ok {
			all = append(all, leaf(op, diffs[0])...)
			diffs = diffs[1:]
			continue
		}
		run := countOn(diffs, at)
		if len(run) < runFrom {
			run = run[:1]
			all = append(all, collapseAt(op, run[0].diffs, at+1)...)
		} else {
			all = append(all, values(op, run)...)
		}
		for _, one := range run {
			diffs = diffs[len(one.diffs):]
		}
	}
	return all
}

// item is what changes below one number: the values of spec.ports[3].
type item struct {
	prefix string // such as spec.ports[
	number int
	diffs  []review.Diff
	rests  []string // of the paths, after the number
}

// itemOf takes the first item off diffs.
func itemOf(diffs []review.Diff, at int) (item, bool) {
	var i item
	for n, d := range diffs {
		prefix, number, rest, ok := split(d.Path, at)
		if !ok || n > 0 && (prefix != i.prefix || number != i.number) {
			break
		}
		i.prefix, i.number, i.rests = prefix, number, append(i.rests, rest)
	}
	i.diffs = diffs[:len(i.rests)]
	return i, len(i.rests) > 0
}

// countOn are the items that diffs begin with: the first, and those after it
// that are alike.
func countOn(diffs []review.Diff, at int) []item {
	var run []item
	var by, more []int
	for {
		next, ok := itemOf(diffs, at)
		if !ok {
			return run
		}
		if n := len(run); n > 0 {
			var alike bool
			if more, alike = next.after(run[n-1], more[:0]); !alike || n > 1 && !slices.Equal(more, by) {
				return run
			}
			by, more = more, by
		}
		run = append(run, next)
		diffs = diffs[len(next.diffs):]
	}
}

// after adds by how much the numbers of an item are more than in the one before.
func (i item) after(before item, all []int) ([]int, bool) {
	if i.prefix != before.prefix || i.number != before.number+1 || len(i.diffs) != len(before.diffs) {
		return all, false
	}
	for n, d := range i.diffs {
		was := before.diffs[n]
		if d.Secret != was.Secret || d.Unknown != was.Unknown {
			return all, false
		}
		for _, pair := range [...][2]string{{before.rests[n], i.rests[n]}, {was.Old, d.Old}, {was.New, d.New}} {
			var alike bool
			if all, alike = review.Steps(pair[0], pair[1], all); !alike {
				return all, false
			}
		}
	}
	return all, true
}

var noun = regexp.MustCompile(`([A-Za-z]+)\[$`)

// values writes a run, one line of each sign.
func values(op review.Op, run []item) []line {
	first, last := run[0], run[len(run)-1]
	things := "values"
	if found := noun.FindStringSubmatch(first.prefix); found != nil {
		things = found[1]
	}
	var all []line
	for _, sign := range []byte{'-', '+', '!'} {
		from, to, rest := first.values(op, sign), last.values(op, sign), first.rests[0]
		if from == "" {
			continue
		}
		if len(first.rests) > 1 || rest != last.rests[0] {
			from, to, rest = "{"+from+"}", "{"+to+"}", closing(first.rests)
		}
		like := "all " + from
		if from != to {
			like = from + " counting on to " + to
		}
		all = append(all, line{sign, visible(fmt.Sprintf("%s%d…%d%s: %s %s, %s", first.prefix, first.number, last.number, rest, count(len(run)), things, like))})
	}
	return all
}

// closing is the bracket after an index.
func closing(rests []string) string {
	for _, rest := range rests {
		if !strings.HasPrefix(rest, "]") {
			return ""
		}
	}
	return "]"
}

// values writes the values of an item that have a sign.
func (i item) values(op review.Op, sign byte) string {
	var all []string
	for n, d := range i.diffs {
		for _, side := range sides(op, d) {
			if side.sign != sign {
				continue
			}
			text := side.text
			if name := strings.TrimLeft(i.rests[n], "]."); name != "" && len(i.diffs) > 1 {
				text = name + ": " + text
			}
			all = append(all, text)
		}
	}
	return strings.Join(all, ", ")
}
