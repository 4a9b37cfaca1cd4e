package review

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/secret"
)

// change is a difference with its place.
type change struct {
	Diff
	at resource.PropertyPath
}

// comparison collects the leaves of one resource that differ.
type comparison struct {
	of     *planned
	plan   *hidden
	hidden secret.Places
	found  []change
	seen   map[string]bool
}

// differing are the values of a resource that change, sorted; none of one that
// stays or goes. The engine says where; what it names no details of is compared
// whole.
func (p *planned) differing(h *hidden) []change {
	if p.op != OpCreate && p.op != OpUpdate && p.op != OpReplace || p.new == nil {
		return nil
	}
	if p.kept {
		return p.options()
	}
	c := &comparison{of: p, plan: h, hidden: h.places[p], seen: map[string]bool{}, found: p.options()}
	old, now := inputsOf(p.old), inputsOf(p.new)
	for _, path := range p.paths() {
		before, after := found(old, path), found(now, path)
		if live := found(outputsOf(p.old), path); live.is && leaf(live.value) && reflect.DeepEqual(before, after) { // it is the cluster that has another
			before = live
		}
		c.compare(path, before, after, len(path) > 0)
	}
	slices.SortStableFunc(c.found, func(a, b change) int { return compareNaturally(a.Path, b.Path) })
	return c.found
}

// paths are where the engine sees differences; the whole where it does not
// say, or in words that nobody can read.
func (p *planned) paths() []resource.PropertyPath {
	whole := []resource.PropertyPath{nil}
	named := slices.Sorted(maps.Keys(p.diff))
	if len(named) == 0 {
		named = p.keys
	}
	if p.op == OpCreate || len(named) == 0 {
		return whole
	}
	var paths []resource.PropertyPath
	for _, name := range named {
		path, err := resource.ParsePropertyPath(name)
		if err != nil {
			return whole
		}
		paths = append(paths, path)
	}
	return paths
}

// side is a value on one side of a change.
type side struct {
	value any
	is    bool // there is one
	// hidden and unknown are also those of what it is a part of.
	hidden, unknown bool
}

// found is the value at a path.
func found(value any, path resource.PropertyPath) side {
	now := of(value)
	for _, step := range path {
		if now.hidden || now.unknown {
			break
		}
		switch step := step.(type) {
		case string:
			object, _ := now.value.(map[string]any)
			now = part(object, step)
		case int:
			items, _ := now.value.([]any)
			now = item(items, step)
		}
	}
	return now
}

func of(value any) side {
	return side{value: value, is: value != nil, hidden: secret.Masked(value), unknown: isUnknown(value)}
}

// compare finds the leaves below a path that differ. Of a place that the engine
// itself names, what is hidden is a difference, for nobody can see that it is
// none.
func (c *comparison) compare(at resource.PropertyPath, old, now side, named bool) {
	switch {
	case ours(at):
	case len(at) == 0 && !old.hidden && !now.hidden && !now.unknown:
		c.below(at, old, now)
	case old.hidden || now.hidden:
		if named || old.hidden != now.hidden || old.is != now.is {
			c.add(at, Diff{Secret: true, Unknown: now.unknown})
		}
	case now.unknown && old.is && !leaf(old.value): // its parts go, and what comes is not known
		c.below(at, old, side{})
		c.add(at, Diff{Unknown: true})
	case now.unknown:
		c.add(at, Diff{Old: shown(old), Unknown: true})
	case leaf(old.value) && leaf(now.value):
		if old.is != now.is || !equal(old.value, now.value) {
			c.leaf(at, old, now)
		} else if named && c.hidden.Cover(at) {
			c.add(at, Diff{Secret: true})
		}
	case old.is && now.is && form(old.value) != form(now.value): // a text where a map was
		c.compare(at, old, side{}, false)
		c.compare(at, side{}, now, false)
	default:
		before := len(c.found)
		c.below(at, old, now)
		if named && len(c.found) == before && c.hidden.Cover(at) { // something secret in it changes, which nobody sees
			c.add(at, Diff{Secret: true})
		}
	}
}

// below compares the parts of two maps or two lists, of which one may be
// missing.
func (c *comparison) below(at resource.PropertyPath, old, now side) {
	a, _ := old.value.(map[string]any)
	b, _ := now.value.(map[string]any)
	keys := maps.Clone(a)
	if keys == nil {
		keys = map[string]any{}
	}
	maps.Copy(keys, b)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		c.compare(next(at, key), part(a, key), part(b, key), false)
	}
	x, _ := old.value.([]any)
	y, _ := now.value.([]any)
	for i := range max(len(x), len(y)) {
		c.compare(next(at, i), item(x, i), item(y, i), false)
	}
}

// form tells maps, lists and leaves apart.
func form(value any) string {
	switch value.(type) {
	case map[string]any:
		return "map"
	case []any:
		return "list"
	}
	return "leaf"
}

func next(at resource.PropertyPath, step any) resource.PropertyPath {
	return append(slices.Clip(slices.Clone(at)), step)
}

func part(object map[string]any, key string) side {
	value, is := object[key]
	if !is {
		return side{}
	}
	return of(value)
}

func item(items []any, i int) side {
	if i >= len(items) {
		return side{}
	}
	return of(items[i])
}

// equal compares two leaves.
func equal(a, b any) bool {
	if form(a) != "leaf" || form(b) != "leaf" { // empty ones
		return form(a) == form(b)
	}
	return a == b
}

// leaf adds a value that changes; a text of several lines as the lines that do.
func (c *comparison) leaf(at resource.PropertyPath, old, now side) {
	if c.hidden.Cover(at) {
		c.add(at, Diff{Secret: true})
		return
	}
	lines, are := changedLines(old, now)
	if c.plan.divided(c.of, at.String(), old, now, lines) {
		c.add(at, Diff{Secret: true})
		return
	}
	if are {
		path := at.String()
		for _, line := range lines {
			line.Path = path + line.Path
			c.found = append(c.found, change{line, at})
		}
		return
	}
	c.add(at, Diff{Old: shown(old), New: shown(now)})
}

func shown(s side) string {
	if !s.is {
		return ""
	}
	return scalar(s.value)
}

// add adds a difference, each path once.
func (c *comparison) add(at resource.PropertyPath, d Diff) {
	d.Path = at.String()
	if c.hidden.Cover(at) {
		d = Diff{Path: d.Path, Secret: true, Unknown: d.Unknown}
	}
	if !c.seen[d.Path] {
		c.seen[d.Path] = true
		c.found = append(c.found, change{d, at})
	}
}

// autonamed is the annotation by which the provider knows names of its own.
const autonamed = "pulumi.com/autonamed"

// ours reports whether a property is the engine's or the provider's own, such as
// __initialApiVersion, which nobody wrote.
func ours(at resource.PropertyPath) bool {
	if len(at) == 0 {
		return false
	}
	first, _ := at[0].(string)
	last, _ := at[len(at)-1].(string)
	return strings.HasPrefix(first, "__") || last == autonamed
}
