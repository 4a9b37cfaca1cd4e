package review

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// shortestKnown is the length in bytes from which on a value that is secret on
// one side of a change is hidden wherever else it stands; a shorter one may be
// part of any word.
const shortestKnown = 6

// hidden is what must not be shown: the engine masks what is marked secret,
// each side of a change on its own, so that it shows a plain value that becomes
// secret (pulumi/pulumi#9330).
type hidden struct {
	places map[*planned]places
	values []string
}

// places are the paths of one resource that are secret on either side. The
// index of an item stands as *: where a list shifts, a value that is secret at
// one index is plain at another.
type places []resource.PropertyPath

// anyItem stands in the place of an index.
const anyItem = "*"

func hiddenIn(all []*planned) *hidden {
	h := &hidden{places: map[*planned]places{}}
	values := map[string]bool{}
	for _, one := range all {
		if one.op == "" {
			continue
		}
		found := placesOf(one)
		if len(found) == 0 {
			continue
		}
		h.places[one] = found
		for _, value := range found.halves(one) {
			values[value] = true
		}
	}
	for value := range values {
		if len(value) >= shortestKnown {
			h.values = append(h.values, value, base64.StdEncoding.EncodeToString([]byte(value)))
		}
		for _, line := range strings.Split(value, "\n") {
			if line = strings.TrimSpace(line); line != value && len(line) >= shortestKnown {
				h.values = append(h.values, line)
			}
		}
	}
	slices.SortFunc(h.values, func(a, b string) int { return len(b) - len(a) })
	return h
}

func placesOf(one *planned) places {
	seen := map[string]resource.PropertyPath{}
	for _, state := range []*apitype.StepEventStateMetadata{one.old, one.new} {
		if state != nil {
			secrets(state.Inputs, nil, seen)
			secrets(state.Outputs, nil, seen)
		}
	}
	var found places
	for _, path := range seen {
		found = append(found, path)
	}
	return found
}

// secrets collects the paths of masked values.
func secrets(value any, at resource.PropertyPath, into map[string]resource.PropertyPath) {
	if isSecret(value) {
		into[fmt.Sprint(at)] = slices.Clone(at)
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			secrets(inner, append(at, key), into)
		}
	case []any:
		for _, inner := range v {
			secrets(inner, append(at, anyItem), into)
		}
	}
}

// cover tells whether a path is secret, or part of what is, or has a part that
// is.
func (p places) cover(path resource.PropertyPath) bool {
	return slices.ContainsFunc(p, func(secret resource.PropertyPath) bool {
		for i := range min(len(secret), len(path)) {
			if _, index := path[i].(int); index && secret[i] == anyItem {
				continue
			}
			if secret[i] != path[i] {
				return false
			}
		}
		return true
	})
}

// halves are the plain values in secret places that the other side of the
// change does not have in such a place: they became secret, or are secret no
// longer.
func (p places) halves(one *planned) []string {
	var sides [2]map[string]bool
	for i, state := range []*apitype.StepEventStateMetadata{one.old, one.new} {
		sides[i] = map[string]bool{}
		if state != nil {
			p.plain(state.Inputs, nil, sides[i])
		}
	}
	var found []string
	for i, side := range sides {
		for value := range side {
			if !sides[1-i][value] {
				found = append(found, value)
			}
		}
	}
	return found
}

// plain collects the texts and numbers in secret places.
func (p places) plain(value any, at resource.PropertyPath, into map[string]bool) {
	if isSecret(value) || isUnknown(value) || !p.cover(at) {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			p.plain(inner, append(at, key), into)
		}
	case []any:
		for i, inner := range v {
			p.plain(inner, append(at, i), into)
		}
	case string:
		into[v] = true
	case float64:
		into[fmt.Sprint(v)] = true
	}
}

// in tells whether a text has one of the values in it.
func (h *hidden) in(text string) bool {
	return slices.ContainsFunc(h.values, func(value string) bool { return strings.Contains(text, value) })
}

// clean takes the values out of every text of a section. A difference that has
// one is hidden whole.
func (h *hidden) clean(s *Section) {
	if len(h.values) == 0 {
		return
	}
	for _, c := range s.Changes {
		for i, d := range c.Diffs {
			if h.in(d.Old) || h.in(d.New) {
				c.Diffs[i] = Diff{Path: d.Path, Secret: true, Unknown: d.Unknown}
			}
		}
	}
	var pairs []string
	for _, value := range h.values {
		pairs = append(pairs, value, secretShown)
	}
	masking := strings.NewReplacer(pairs...)
	s.Fault = masking.Replace(s.Fault)
	for i := range s.Findings {
		s.Findings[i].Text = masking.Replace(s.Findings[i].Text)
	}
	for _, r := range s.Restarts {
		for i := range r.Why {
			r.Why[i] = masking.Replace(r.Why[i])
		}
	}
	for i := range s.Risks {
		s.Risks[i].Why, s.Risks[i].Loses = masking.Replace(s.Risks[i].Why), masking.Replace(s.Risks[i].Loses)
	}
}
