package engine

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"platform/tools/review"
)

// foldFrom is how many alike items in a row are reported by the first, the last and
// their number.
const foldFrom = 8

var (
	// color is what a terminal takes for colors and does not show.
	color = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	// listItem is the first line of an item in the engine's diff: its indentation
	// with a sign in it, its index, and what is left of the line.
	listItem = regexp.MustCompile(`^([ +~-]*)\[(\d+)\]: (.*)$`)
)

// fold passes a diff on and shortens runs of items that count on: the thousand
// ports of one Service would hide everything else. Nothing is lost by it: what
// is left out is known from the first and the last.
type fold struct {
	out  io.Writer
	half []byte // a line that has not ended yet
	item *item  // that has begun and not ended
	run  []item // that count on, one after the other
	err  error  // of the first write that failed

	steps []int // from one item of the run to the next
}

// item is one element of a list.
type item struct {
	indent string
	index  int
	lines  [][]byte
}

// Write takes whatever part of the output; it fails where the output goes.
func (f *fold) Write(text []byte) (int, error) {
	f.half = append(f.half, text...)
	for {
		end := bytes.IndexByte(f.half, '\n')
		if end < 0 {
			return len(text), f.err
		}
		f.line(bytes.Clone(f.half[:end+1]))
		f.half = f.half[end+1:]
	}
}

// Close writes what was held back.
func (f *fold) Close() error {
	if f.item != nil { // never ended: no list of the engine's
		f.run, f.item = append(f.run, *f.item), nil
	}
	f.flush()
	f.print(f.half)
	f.half = nil
	return f.err
}

func (f *fold) line(raw []byte) {
	bare := bytes.TrimRight(color.ReplaceAll(raw, nil), "\r\n")
	begins := listItem.FindSubmatch(bare)
	switch {
	case f.item != nil:
		f.item.lines = append(f.item.lines, raw)
		if len(bare) > 0 && closes(bare, f.item.indent) {
			f.push(*f.item)
			f.item = nil
		}
	case begins == nil:
		f.flush()
		f.print(raw)
	default:
		index, _ := strconv.Atoi(string(begins[2])) // digits
		one := item{indent: string(begins[1]), index: index, lines: [][]byte{raw}}
		if last := begins[3]; bytes.HasSuffix(last, []byte("{")) || bytes.HasSuffix(last, []byte("[")) {
			f.item = &one
			return
		}
		f.push(one)
	}
}

// closes reports whether a line ends an item that began with an indentation: at
// the item's own column, or four further on where the item has a sign.
func closes(line []byte, indent string) bool {
	column := len(indent)
	if strings.ContainsAny(indent, "+~-") {
		column += 4
	}
	body := bytes.TrimLeft(line, " ")
	return len(line)-len(body) == column && (string(body) == "}" || string(body) == "]")
}

func (f *fold) push(one item) {
	if n := len(f.run); n > 0 {
		last := f.run[n-1]
		steps, alike := one.steps(last)
		if !alike || n > 1 && !slices.Equal(steps, f.steps) {
			f.flush()
		}
		f.steps = steps
	}
	f.run = append(f.run, one)
}

// steps are by how much each number of an item is more than in the one before.
// An item that is not the next of its list, or differs in words, is not alike.
func (i item) steps(before item) ([]int, bool) {
	if i.indent != before.indent || i.index != before.index+1 {
		return nil, false
	}
	return review.Steps(before.bare(), i.bare(), nil)
}

func (i item) bare() string { return string(color.ReplaceAll(bytes.Join(i.lines, nil), nil)) }

func (f *fold) flush() {
	run := f.run
	f.run = nil
	if len(run) < foldFrom {
		for _, one := range run {
			f.show(one)
		}
		return
	}
	first, last := run[0], run[len(run)-1]
	f.show(first)
	f.print(fmt.Appendf(nil, "%s… %d more like it, [%d] to [%d] …\n", first.indent, len(run)-2, first.index+1, last.index-1))
	f.show(last)
}

// show prints an item, and folds the lists inside of it.
func (f *fold) show(one item) {
	f.print(one.lines[0])
	if len(one.lines) == 1 {
		return
	}
	inner := fold{out: f.out}
	for _, line := range one.lines[1:] {
		inner.line(line)
	}
	if err := inner.Close(); f.err == nil {
		f.err = err
	}
}

func (f *fold) print(text []byte) {
	if f.err == nil && len(text) > 0 {
		_, f.err = f.out.Write(text)
	}
}
