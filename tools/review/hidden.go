package review

import (
	"slices"
	"strings"

	"platform/policy/secret"
)

// hidden is what must not be shown of a plan: what the engine masks, and what it
// does not where only one side of a change is secret.
type hidden struct {
	places map[*planned]secret.Places
	known  *secret.Known
	found  []Finding // of what was taken out
}

// hiddenIn finds it, and knows the values of half of a change from then on.
func hiddenIn(all []*planned, known *secret.Known) *hidden {
	if known == nil {
		known = &secret.Known{}
	}
	h := &hidden{places: map[*planned]secret.Places{}, known: known}
	for _, one := range all {
		if one.op == "" {
			continue
		}
		if found := secret.PlacesOf(one.old, one.new); len(found) > 0 {
			h.places[one] = found
			known.Add(found.Halves(one.old, one.new)...)
		}
	}
	return h
}

// divided reports whether a value has a known secret that nobody would find in
// what is shown of it: single lines, or no more than the first letters.
func (h *hidden) divided(p *planned, path string, old, now side, lines []Diff) bool {
	before, _ := old.value.(string)
	after, _ := now.value.(string)
	if len(lines) > 0 {
		var gone, come []string
		for _, one := range lines {
			gone, come = append(gone, one.Old), append(come, one.New)
		}
		before, after = strings.Join(gone, "\n"), strings.Join(come, "\n")
	} else if max(len(before), len(after)) <= Longest {
		return false
	}
	holds := func(old, now string) bool { return h.known.Holds(old) || h.known.Holds(now) }
	if !holds(before, after) || slices.ContainsFunc(lines, func(d Diff) bool { return holds(d.Old, d.New) }) {
		return false
	}
	h.found = append(h.found, withheld(h.known.Clean(p.title()), path, secret.HasKnown))
	return true
}
