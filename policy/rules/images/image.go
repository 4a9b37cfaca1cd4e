// Package images holds the rules about the images that containers run: which
// ones they are, whether they stay the same, and where they run.
package images

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/distribution/reference"

	"platform/policy/pack"
)

// moving are the tags that are given to each next build. Two rules have it as
// a default.
var moving = []any{"latest", "main", "master", "develop", "edge", "nightly", "stable"}

// image is what an image reference says.
type image struct {
	name        string // with its registry, such as docker.io/library/postgres
	tag, digest string // each empty where it is absent
}

// parse reads the image of a container.
func parse(c pack.Container) (image, error) {
	text := c.At("image").Text()
	if text == "" {
		return image{}, errors.New("is missing")
	}
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return image{}, fmt.Errorf("is no reference to an image: %w", err)
	}
	parsed := image{name: named.Name()}
	if tagged, ok := named.(reference.Tagged); ok {
		parsed.tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		parsed.digest = digested.Digest().String()
	}
	return parsed, nil
}

// fixed tells whether the reference leads to the same build from now on.
func (i image) fixed(moving []string) bool {
	return i.digest != "" || i.tag != "" && !slices.Contains(moving, i.tag)
}

// of tells whether the image is one of these repositories, or below one.
func (i image) of(repositories []string) bool {
	return slices.ContainsFunc(repositories, func(one string) bool {
		return i.name == one || strings.HasPrefix(i.name, strings.TrimSuffix(one, "/")+"/")
	})
}

// ofImages judges each container of which the image can be read; the others
// are for image-has-fixed-tag to tell.
func ofImages(judge func(c pack.Container, of image, r *pack.Report)) func(pack.Object, *pack.Report) {
	return pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if parsed, err := parse(c); err == nil {
			judge(c, parsed, r)
		}
	})
}
