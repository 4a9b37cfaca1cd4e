package limits

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// disk is the resource that a container's own writes on its node count as.
const disk = "ephemeral-storage"

var boundedDisk = pack.Rule{
	Name: "container-has-bounded-disk", Group: pack.Resources, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
	Reason:    "a container that fills its node's disk has other pods evicted",
	Remedy:    "set resources.requests and limits of ephemeral-storage; or make the root read-only and give each emptyDir a sizeLimit",
	Reference: "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		request, limit := c.At("resources", "requests", disk), c.At("resources", "limits", disk)
		switch {
		case positive(request) && !positive(limit):
			r.Violated(c, limit, "has a request of %s and no limit", disk)
		case positive(limit) && !positive(request):
			r.Violated(c, request, "has a limit of %s and no request", disk)
		case !positive(limit) && !boundedElsewhere(c):
			r.Violated(c, limit, "may write to its node's disk without a limit")
		}
	}),
}

// boundedElsewhere tells whether the container has nowhere to write on its
// node's disk but folders of a limited size. The kubelet bounds its log.
func boundedElsewhere(c pack.Container) bool {
	if !c.At("securityContext", "readOnlyRootFilesystem").True() {
		return false
	}
	unbounded := map[string]bool{}
	for _, volume := range c.Pod.Spec.At("volumes").Items() {
		folder := volume.At("emptyDir")
		unbounded[volume.At("name").Text()] = folder.Set() && !folder.At("medium").Is("Memory") && !positive(folder.At("sizeLimit"))
	}
	return !slices.ContainsFunc(c.At("volumeMounts").Items(), func(mount pack.Value) bool {
		return unbounded[mount.At("name").Text()] && !mount.At("readOnly").True()
	})
}
