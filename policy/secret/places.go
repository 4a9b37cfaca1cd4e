package secret

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Places are the paths of one resource that are secret on either side of a
// change. The index of an item stands as *: where a list shifts, a value that is
// secret at one index is plain at another.
type Places []resource.PropertyPath

// anyItem stands in the place of an index.
const anyItem = "*"

// PlacesOf are those of a resource before and after a change, either of which
// may be nil.
func PlacesOf(old, now *apitype.StepEventStateMetadata) Places {
	seen := map[string]resource.PropertyPath{}
	for _, state := range []*apitype.StepEventStateMetadata{old, now} {
		if state != nil {
			collect(state.Inputs, nil, seen)
			collect(state.Outputs, nil, seen)
		}
	}
	var found Places
	for _, path := range seen {
		found = append(found, path)
	}
	return found
}

// collect finds the paths of masked values.
func collect(value any, at resource.PropertyPath, into map[string]resource.PropertyPath) {
	if Masked(value) {
		into[fmt.Sprint(at)] = slices.Clone(at)
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			collect(inner, append(at, key), into)
		}
	case []any:
		for _, inner := range v {
			collect(inner, append(at, anyItem), into)
		}
	}
}

// Cover reports whether a path is secret, or part of what is, or has a part that
// is.
func (p Places) Cover(path resource.PropertyPath) bool {
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

// Halves are the plain values in secret places that the other side of the change
// does not have in such a place: they became secret, or are secret no longer.
// The engine masks each side on its own, so that it shows them
// (pulumi/pulumi#9330).
func (p Places) Halves(old, now *apitype.StepEventStateMetadata) []string {
	if len(p) == 0 {
		return nil
	}
	var sides [2]map[string]bool
	for i, state := range []*apitype.StepEventStateMetadata{old, now} {
		sides[i] = map[string]bool{}
		if state != nil {
			p.plain(state.Inputs, nil, sides[i])
			p.plain(state.Outputs, nil, sides[i])
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
func (p Places) plain(value any, at resource.PropertyPath, into map[string]bool) {
	if Masked(value) || value == plugin.UnknownStringValue || !p.Cover(at) {
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
		for _, text := range decoded(v) {
			into[text] = true
		}
	case float64:
		into[number(v)] = true
	}
}
