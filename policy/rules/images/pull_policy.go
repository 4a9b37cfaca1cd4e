package images

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var pullPolicy = pack.Rule{
	Name: "image-pull-policy-fits-tag", Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
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
}

// defaultPolicy is what the API server fills in.
func (i image) defaultPolicy() string {
	if i.digest == "" && (i.tag == "" || i.tag == "latest") {
		return "Always"
	}
	return "IfNotPresent"
}
