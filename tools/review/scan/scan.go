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

	"platform/policy/secret"
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
func Find(text string, known *secret.Known) []Hit {
	s := scanner{known: known, places: placesOf(text), found: map[int]finding{}}
	for _, span := range known.Find(text) {
		s.mark(text, span)
	}
	for i, p := range s.places {
		if _, has := s.found[i+1]; has {
			continue
		}
		if what := looks(p); what != "" {
			from := 0
			if p.value != p.text && (what == secret.Numbered || secret.Suspect("", p.value) != "") {
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
	known  *secret.Known
	places []place
	found  map[int]finding // by line
}

// finding is why a line must not be shown, and from which byte of it on.
type finding struct {
	what string
	from int
}

// mark records a known value, on each line that it has a part of.
func (s *scanner) mark(text string, span secret.Span) {
	row := 1 + strings.Count(text[:span.From], "\n")
	column := span.From - 1 - strings.LastIndexByte(text[:span.From], '\n')
	for end := row + strings.Count(text[span.From:span.To], "\n"); row <= end; row++ {
		if was, has := s.found[row]; !has || column < was.from {
			s.found[row] = finding{secret.HasKnown, column}
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
		if n.name != "" && (bad || s.known.Holds(n.name) || secret.Suspect("", n.name) != "") {
			return hidden
		}
		return n.name
	}
	return Hit{Line: row, What: why.what, Stack: name(p.stack), Resource: name(p.resource), Path: name(p.path)}
}
