package images

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var fixedTag = pack.Rule{
	Name: "image-has-fixed-tag", Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "pods of one workload run different builds, and a rollback brings back the build that it was to undo",
	Remedy:     "name the image as repository:tag with the tag of one build, or as repository@digest",
	Reference:  "https://kubernetes.io/docs/concepts/containers/images/#image-names",
	Kinds:      pack.PodKinds,
	Parameters: map[string]any{"moving": moving},
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		parsed, err := parse(c)
		switch at := c.At("image"); {
		case err != nil:
			r.Violated(c, at, "%v", err)
		case parsed.tag == "" && parsed.digest == "":
			r.Violated(c, at, "%s names no tag, which means latest", parsed.name)
		case !parsed.fixed(r.List("moving")):
			r.Violated(c, at, "%s is a tag that the next build takes over", parsed.tag)
		}
	}),
}
