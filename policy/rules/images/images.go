// Package images holds the rules about the images that containers run: which
// ones they are, whether they stay the same, and where they run.
package images

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/settings"
)

// moving are the tags that are given to each next build.
var moving = []any{"latest", "main", "master", "develop", "edge", "nightly", "stable"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Images, []pack.Rule{
	// It leaves it to the configuration to check an image's tag and the
	// architectures that it is built for.
	{
		Name: "image-is-of-the-stack-file", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "an image that no stack file names has been checked by nobody: its tag may move, and it may not run on every node",
		Remedy:     "name the image in the stack file, with the tag of one build",
		Reference:  "https://kubernetes.io/docs/concepts/containers/images/#image-names",
		Kinds:      pack.PodKinds,
		Parameters: map[string]any{"images": []any{}},
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			if at := c.At("image"); !slices.Contains(r.List("images"), at.Text()) {
				r.Violated(c, at, "is %q, which the stack file does not name", at.Text())
			}
		}),
	},
	{
		Name: "image-comes-from-allowed-registry", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "whoever controls a registry, or a namespace of one, decides what runs in the cluster",
		Remedy:     "use an image of a listed repository, or list the repository after somebody has looked at who publishes it",
		Reference:  "NSA/CISA Kubernetes Hardening Guide 1.2, building secure container images",
		Kinds:      pack.PodKinds,
		Parameters: settings.Common("image-comes-from-allowed-registry"),
		Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
			switch at := c.At("image"); {
			case of.of(r.List("denied")):
				r.Violated(c, at, "%s is no longer looked after", of.name)
			case !of.of(r.List("allowed")):
				r.Violated(c, at, "%s is not in a listed repository", of.name)
			}
		}),
	},
	{
		Name: "foreign-image-has-digest", Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
		Reason:     "others give a tag to another build when they like, and a pod that moves to a new node then runs it",
		Remedy:     "add the digest: repository:tag@sha256:...",
		Reference:  "https://kubernetes.io/docs/concepts/containers/images/#image-names",
		Kinds:      pack.PodKinds,
		Parameters: settings.Common("foreign-image-has-digest"),
		Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
			if of.digest == "" && !r.Trial() && !of.of(r.List("own")) {
				r.Violated(c, c.At("image"), "%s is somebody else's, and its tag may move", of.name)
			}
		}),
	},
	{
		Name: "image-pull-policy-fits-tag", Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
		Reason:     "Always stops every restart while the registry is away; anything else runs an old build of a tag that moves",
		Remedy:     "set imagePullPolicy to IfNotPresent for a fixed tag or a digest, and to Always for a tag that moves",
		Reference:  "https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
		Kinds:      pack.PodKinds,
		Parameters: map[string]any{"moving": moving},
		Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
			policy, want := c.At("imagePullPolicy"), "IfNotPresent"
			if !of.fixed(r.List("moving")) {
				want = "Always"
			}
			if given := cmp.Or(policy.Text(), of.defaultPolicy()); given != want {
				r.Violated(c, policy, "is %s where %s belongs", given, want)
			}
		}),
	},
})

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

// fixed reports whether the reference leads to the same build from now on.
func (i image) fixed(moving []string) bool {
	return i.digest != "" || i.tag != "" && !slices.Contains(moving, i.tag)
}

// of reports whether the image is one of these repositories, or below one.
func (i image) of(repositories []string) bool {
	return slices.ContainsFunc(repositories, func(one string) bool {
		return i.name == one || strings.HasPrefix(i.name, strings.TrimSuffix(one, "/")+"/")
	})
}

// ofImages checks each container of which the image can be read; the others
// are for image-is-of-the-stack-file to tell.
func ofImages(check func(c pack.Container, of image, r *pack.Report)) func(pack.Object, *pack.Report) {
	return pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if parsed, err := parse(c); err == nil {
			check(c, parsed, r)
		}
	})
}

// defaultPolicy is what the API server fills in.
func (i image) defaultPolicy() string {
	if i.digest == "" && (i.tag == "" || i.tag == "latest") {
		return "Always"
	}
	return "IfNotPresent"
}
