package review

import (
	"regexp"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/distribution/reference"

	"platform/config"
)

// isImage reports whether a value is the image of a container.
func (d Diff) isImage() bool {
	return strings.HasSuffix(d.Path, "].image") && strings.Contains(strings.ToLower(d.Path), "containers[")
}

// tagged takes an image apart into its repository and its tag; what is no image
// is its own repository.
func tagged(image string) (repository, tag string) {
	named, err := reference.ParseNormalizedNamed(strings.Trim(image, `"`))
	if err != nil {
		return image, ""
	}
	return named.Name(), config.Tag(named.String())
}

// counted matches tags that count on, such as times.
var counted = regexp.MustCompile(`^[0-9._-]+$`)

// newer reports whether an image is one of the same repository and not older.
// Tags that have no order, such as revisions, are taken for newer.
func newer(old, now string) bool {
	was, before := tagged(old)
	is, after := tagged(now)
	if was != is {
		return false
	}
	a, failed := semver.NewVersion(before)
	b, err := semver.NewVersion(after)
	switch {
	case failed == nil && err == nil:
		return !b.LessThan(a)
	case counted.MatchString(before) && counted.MatchString(after):
		return compareNaturally(before, after) <= 0
	}
	return true
}

// Images are the images of a stack that become others, each once.
func (s Section) Images() []Diff {
	var all []Diff
	for _, c := range s.Changes {
		for _, d := range c.Diffs {
			d = Diff{Path: d.Path, Old: d.Old, New: d.New}
			same := func(other Diff) bool { return other.Old == d.Old && other.New == d.New }
			if d.isImage() && d.Old != "" && d.New != "" && !slices.ContainsFunc(all, same) {
				all = append(all, d)
			}
		}
	}
	return all
}

// bumps are those that only become newer.
func (s Section) bumps() []Diff {
	return slices.DeleteFunc(s.Images(), func(d Diff) bool { return !newer(d.Old, d.New) })
}

// follows reports whether a resource changes by nothing but newer images: by the
// images themselves, by what has their tags in it, and by hashes of what pods
// read. A Job runs once, so that it is replaced for another image.
func (c Change) follows(bumps []Diff) bool {
	if c.Op != OpUpdate && (c.Op != OpReplace || c.Kind != "Job") || len(c.Diffs) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Diffs, func(d Diff) bool {
		switch {
		case d.Secret:
			return true
		case c.Kind == "Job" && d.Path == "metadata.name", strings.HasSuffix(d.Path, `["`+revisionAnnotation+`"]`), strings.Contains(d.Path, `annotations["`+checksumPrefix):
			return false
		}
		return d.Unknown || !slices.ContainsFunc(bumps, func(image Diff) bool { return image.explains(d) })
	})
}

// explains reports whether a value changes as an image does, or as its tag.
func (d Diff) explains(other Diff) bool {
	_, before := tagged(d.Old)
	_, after := tagged(d.New)
	old, now := strings.Trim(other.Old, `"`), strings.Trim(other.New, `"`)
	return other.Old == d.Old && other.New == d.New ||
		len(before) > 1 && strings.Contains(old, before) && strings.ReplaceAll(old, before, after) == now
}

// onlyImages reports whether pods are made again for newer images alone.
func (s Section) onlyImages(r Restart, bumps []Diff) bool {
	kind, object, _ := strings.Cut(r.Workload, "/")
	namespace, _, _ := strings.Cut(object, "/")
	changes := func(kind, object string) bool {
		return slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind == kind && c.Object == object && !c.follows(bumps) })
	}
	if changes(kind, object) {
		return false
	}
	return !slices.ContainsFunc(r.Why, func(why string) bool {
		if _, change, found := strings.Cut(why, ": image "); found {
			old, now, arrow := strings.Cut(change, " → ")
			return !arrow || !newer(old, now)
		}
		read, found := strings.CutSuffix(why, " changes")
		kind, name, _ := strings.Cut(read, " ")
		known := slices.ContainsFunc(s.Changes, func(c Change) bool { return c.Kind == kind && c.Object == namespace+"/"+name })
		return !found || !known || changes(kind, namespace+"/"+name)
	})
}
