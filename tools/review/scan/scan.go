// Package scan looks at a finished comment or page for what must not be in it:
// values that are known to be secret, in any of the forms in which they may
// have got there, and texts that look like keys or are as random as passwords.
// It is the last of several guards: the engine marks secrets and the review
// masks them; what is found here has slipped through both.
package scan

import (
	"cmp"
	"slices"
	"strings"

	"platform/policy/secretlike"
)

// Hit is a place of a text that must not be shown. It has no part of what was
// found there.
type Hit struct {
	Line     int    // of the text, from 1
	What     string // why it must not, without any of it
	Stack    string // in whose part of the comment it is; empty where it is in none
	Resource string // in whose diff it is, or the part of the comment, such as Will restart
	Path     string // of the value in the resource; empty where it is in no diff
}

// Find looks for known values, and for what looks like a secret. Public things
// that are random, such as digests of images, revisions, UIDs and checksums,
// are no hits. Hits are in the order of the text, one a line.
func Find(text string, known []string) []Hit {
	s := scanner{places: placesOf(text), found: map[int]finding{}}
	for _, value := range known {
		s.known = append(s.known, formsOf(value)...)
	}
	slices.Sort(s.known)
	s.known = slices.Compact(s.known)
	for _, r := range readings(text) {
		for _, value := range s.known {
			for at := range all(r.text, value) {
				s.mark(r, at, at+len(value)-1)
			}
		}
	}
	for i, p := range s.places {
		if _, has := s.found[i+1]; has {
			continue
		}
		if what := looks(p); what != "" {
			from := 0
			if p.value != p.text && (secretlike.FormOf(p.value) != "" || secretlike.HoldsRandom(p.value) || what == numbered) {
				from = len(text) // not in the name before it
			}
			s.found[i+1] = finding{what, from}
		}
	}
	hits := make([]Hit, 0, len(s.found))
	for row := range s.found {
		hits = append(hits, s.hit(row))
	}
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Line, b.Line) })
	return hits
}

type scanner struct {
	known  []string
	places []place
	found  map[int]finding // by line
}

// finding is why a line must not be shown, and from which byte of it on.
type finding struct {
	what string
	from int
}

// mark records a known value, on each line that it has a part of.
func (s *scanner) mark(r reading, first, last int) {
	row, column := r.origin(first)
	end, _ := r.origin(last)
	for ; row <= end; row++ {
		if was, has := s.found[row]; !has || column < was.from {
			s.found[row] = finding{"has the value of a known secret", column}
		}
		column = 0
	}
}

// hidden stands for a name that is not shown.
const hidden = "(a name that is not shown)"

// hit names a place. A name is left out where it holds a secret, and where it
// stands on another line that does, or not wholly before what was found: it may
// be a part of a secret.
func (s *scanner) hit(row int) Hit {
	p, why := s.places[row-1], s.found[row]
	name := func(n named) string {
		_, bad := s.found[n.row]
		if n.row == row {
			bad = why.from < n.ends
		}
		if n.name != "" && (bad || s.within(n.name)) {
			return hidden
		}
		return n.name
	}
	return Hit{Line: row, What: why.what, Stack: name(p.stack), Resource: name(p.resource), Path: name(p.path)}
}

// within tells whether a name has a secret in it.
func (s *scanner) within(text string) bool {
	for _, r := range readings(text) {
		for _, value := range s.known {
			for range all(r.text, value) {
				return true
			}
		}
	}
	return secretlike.FormOf(text) != "" || secretlike.HoldsRandom(text)
}

// all are the places of a value in a text. A short value is one only as the
// whole of what stands after a name: it may be part of any word.
func all(text, value string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			at := strings.Index(text[from:], value)
			if at < 0 {
				return
			}
			at += from
			from = at + len(value)
			if (len(value) >= shortestBare || alone(text, at, from)) && !yield(at) {
				return
			}
		}
	}
}

// shortestBare is the length, in bytes, from which on a value is looked for
// wherever it stands.
const shortestBare = 6

func alone(text string, from, to int) bool {
	before, after := strings.TrimRight(text[:from], `"'`), strings.TrimLeft(text[to:], `"'`)
	return strings.HasSuffix(before, ": ") && (after == "" || after[0] == '\n')
}
