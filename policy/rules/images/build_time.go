package images

import (
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// buildTime judges tags by a clock.
func buildTime(now func() time.Time) pack.Rule {
	return pack.Rule{
		Name: "image-tag-is-build-time", Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a tag that is no build's time was pushed by hand, and nobody can tell which sources are in it",
		Remedy:    "deploy the tag that the pipeline pushed: the UTC time of the build as YYYYMMDD-HHMMSS",
		Reference: "the platform's description, CI/CD",
		Kinds:     pack.PodKinds,
		Parameters: map[string]any{
			"repositories": []any{"docker.io/eddisonso"},
			"layout":       "20060102-150405", // as Go writes times
		},
		Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
			if !of.of(r.List("repositories")) {
				return
			}
			layout := pack.Parameter[string](r, "layout")
			built, err := time.Parse(layout, of.tag)
			switch at := c.At("image"); {
			case err != nil || built.Format(layout) != of.tag:
				r.Violated(c, at, "the tag %q is not the time of a build", of.tag)
			case built.After(now()):
				r.Violated(c, at, "the tag %s is a time that has not come yet", of.tag)
			}
		}),
	}
}
