package images

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var foreignDigest = pack.Rule{
	Name: "foreign-image-has-digest", Group: pack.Images, Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
	Reason:    "others give a tag to another build when they like, and a pod that moves to a new node then runs it",
	Remedy:    "add the digest: repository:tag@sha256:...",
	Reference: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
	Kinds:     pack.PodKinds,
	// What the platforms' own pipelines push under tags that they use once.
	Parameters: map[string]any{"own": []any{"docker.io/eddisonso", "ghcr.io/epfl-enac"}},
	Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
		if of.digest == "" && !of.of(r.List("own")) {
			r.Violated(c, c.At("image"), "%s is somebody else's, and its tag may move", of.name)
		}
	}),
}
