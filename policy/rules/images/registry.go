package images

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var registry = pack.Rule{
	Name: "image-comes-from-allowed-registry", Group: pack.Images, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "whoever controls a registry, or a namespace of one, decides what runs in the cluster",
	Remedy:    "use an image of a listed repository, or list the repository after somebody has looked at who publishes it",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, building secure container images",
	Kinds:     pack.PodKinds,
	Parameters: map[string]any{
		"allowed": []any{
			"docker.io/eddisonso", "docker.io/library", "docker.io/oliver006/redis_exporter", "docker.io/rancher", "ghcr.io/epfl-enac",
		},
		// Also within what is allowed: Bitnami took its images away in 2025.
		"denied": []any{"docker.io/bitnami", "docker.io/bitnamilegacy"},
	},
	Object: ofImages(func(c pack.Container, of image, r *pack.Report) {
		switch at := c.At("image"); {
		case of.of(r.List("denied")):
			r.Violated(c, at, "%s is no longer looked after", of.name)
		case !of.of(r.List("allowed")):
			r.Violated(c, at, "%s is not in a listed repository", of.name)
		}
	}),
}
