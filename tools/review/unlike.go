package review

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Unlike says how what is to be done now differs from what was checked: each
// resource that is done something to now and was not, or no longer, or in
// another way. Nothing differs where it is empty. Both are changes of whole
// plans of one stack.
//
// Names that end in letters by chance are taken for the same, since every
// preview draws others. A secret value is not known to either side, so that a
// new one is seen only where it is the first.
func Unlike(checked, now []Change) []string {
	before, after := changesByURN(checked), changesByURN(now)
	all := maps.Clone(before)
	maps.Copy(all, after)
	var lines []string
	for _, urn := range slices.Sorted(maps.Keys(all)) {
		was, checked := before[urn]
		is, planned := after[urn]
		switch {
		case !checked:
			lines = append(lines, "new: "+is.title())
		case !planned:
			lines = append(lines, "gone: "+was.title())
		case was.Op != is.Op:
			lines = append(lines, fmt.Sprintf("other: %s, and not %s", is.title(), was.Op))
		default:
			if paths := is.unlike(was); len(paths) > 0 {
				lines = append(lines, fmt.Sprintf("other: %s: %s", is.title(), strings.Join(paths, ", ")))
			}
		}
	}
	return lines
}

func (c Change) title() string { return fmt.Sprintf("%s %s %s", c.Op, c.Kind, c.Object) }

// unlike are the paths at which two changes of one resource differ.
func (c Change) unlike(was Change) []string {
	var paths []string
	before, after := byPath(was.Diffs), byPath(c.Diffs)
	for path, diff := range after {
		if other, is := before[path]; !is || other != diff {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, is := after[path]; !is {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 && (c.Object != was.Object || !slices.Equal(c.Forces, was.Forces)) {
		paths = append(paths, strings.Join(append([]string{c.Object}, c.Forces...), " "))
	}
	slices.SortFunc(paths, compareNaturally)
	return paths
}

func byPath(diffs []Diff) map[string]Diff {
	paths := map[string]Diff{}
	for _, diff := range diffs {
		paths[diff.Path] = diff
	}
	return paths
}

// drawn is the end of a name that the provider makes up for an object.
var drawn = regexp.MustCompile(`-[0-9a-f]{8}$`)

// changesByURN are changes by resource, with the names that were made up for objects
// as they would be without their ends, wherever they stand.
func changesByURN(changes []Change) map[string]Change {
	var names []string
	for _, c := range changes {
		name := c.Object[strings.LastIndex(c.Object, "/")+1:]
		if plain := drawn.ReplaceAllString(name, ""); plain != name && plain == lastOf(c.URN) {
			names = append(names, name, plain)
		}
	}
	plain := strings.NewReplacer(names...)
	found := map[string]Change{}
	for _, c := range changes {
		c.Object = plain.Replace(c.Object)
		c.Diffs = slices.Clone(c.Diffs)
		for i := range c.Diffs {
			c.Diffs[i].Old, c.Diffs[i].New = plain.Replace(c.Diffs[i].Old), plain.Replace(c.Diffs[i].New)
		}
		found[c.URN] = c
	}
	return found
}
