package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/distribution/reference"
)

// Build is a container image and what it was built for.
type Build struct {
	Image     string   `key:"image"`     // repository:tag; of eddisonso only with a tag YYYYMMDD-HHMMSS (UTC)
	Platforms []string `key:"platforms"` // linux/amd64, linux/arm64
}

// exampleTag is a timestamp tag as remedies show it.
const exampleTag = "20260215-062053"

// build checks an image and what it was built for.
func (c *collector) build(key string, b Build) {
	if isOwn(b.Image) {
		c.ownImage(key+".image", b.Image)
	} else {
		c.image(key+".image", b.Image)
	}
	c.platforms(key+".platforms", b.Platforms)
}

// platforms checks a list of what an image was built for.
func (c *collector) platforms(key string, platforms []string) {
	if len(platforms) == 0 {
		c.add(key, "list what the image was built for, of "+listed(ImagePlatforms), "it lists none, and the nodes are not all alike")
	}
	for i, platform := range platforms {
		at := fmt.Sprintf("%s[%d]", key, i)
		if oneOf(c, at, platform, ImagePlatforms) && slices.Index(platforms, platform) < i {
			c.add(at, "remove one of the two", "%q is listed already", platform)
		}
	}
}

// ownImage checks that an image of this platform is tagged with the time at
// which the deploy workflow built it.
func (c *collector) ownImage(key, image string) {
	if _, ok := TagTime(image); ok {
		return
	}
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return // not reached: only a readable name is known as ours
	}
	remedy := fmt.Sprintf("tag it YYYYMMDD-HHMMSS (UTC), such as %s:%s", reference.FamiliarName(named), exampleTag)
	tag := ""
	if tagged, ok := named.(reference.Tagged); ok {
		tag = tagged.Tag()
	}
	switch {
	case tag == "latest":
		c.add(key, remedy, "%q is tagged latest, which the deploy workflow does not push: it may be stale", image)
	case tagForm.MatchString(tag):
		c.add(key, remedy, "%q is tagged with a time that does not exist", image)
	default:
		c.add(key, remedy, "%q is not tagged with the time of its build", image)
	}
}

// runs checks what every component states: its image and what that was built
// for, its resources and its nodes.
func (c *collector) runs(key string, b Build, r Resources, selector map[string]string) {
	c.build(key, b)
	c.resources(key+".resources", r)
	c.labels(key+".nodeSelector", selector)
}

// validateRollback checks that each consent is to the image that is set: one
// that was left behind would let the next older image pass unseen.
func (c *EddCloud) validateRollback(into *collector) {
	builds := c.keyedBuilds()
	for _, component := range slices.Sorted(maps.Keys(c.Rollback)) {
		key, tag := "rollback["+component+"]", c.Rollback[component]
		build, known := builds[component]
		at, ok := TagTime(build.Image)
		switch _, isTag := parseTag(tag); {
		case !known:
			into.add(key, oneOfThese(component, slices.Sorted(maps.Keys(builds))), "%s is no component", quoted(component))
		case !isTag:
			into.add(key, "write the tag that is consented to, such as "+exampleTag, "%s is not a time YYYYMMDD-HHMMSS", orEmpty(tag))
		case !into.clean(build.key + ".image"): // reported there
		case !ok:
			into.add(key, "remove it", "the image of %s is not tagged with a time, so that none is older", component)
		case at.Format(tagLayout) != tag:
			into.add(key, "remove it, or write "+at.Format(tagLayout)+" if that is consented to,",
				"it consents to %s, and the image is %s: the consent is stale", tag, at.Format(tagLayout))
		}
	}
}

// oneOfThese is the remedy for a name that is not one of the known.
func oneOfThese(name string, known []string) string {
	if nearest, found := Nearest(name, known); found {
		return "did you mean " + nearest + "? correct it"
	}
	return "use one of " + strings.Join(known, ", ")
}
