package probes

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var startup = pack.Rule{
	Name: "slow-starter-has-startup-probe", Group: pack.Probes, Level: apitype.Advisory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a server that reads its data back is killed by its livenessProbe before it is done, and begins anew each time",
	Remedy:    "add a startupProbe whose failureThreshold times periodSeconds covers the longest start",
	Reference: documentation,
	Kinds:     servingKinds,
	// Programs that read data back although the pod may keep them elsewhere.
	Parameters: map[string]any{"programs": []any{"postgres", "nats", "redis"}},
	Object: ofServing(func(c pack.Container, r *pack.Report) {
		if probe := c.At(startupProbe); c.At(livenessProbe).Set() && !probe.Set() && (named(c.At("image"), r.List("programs")) || keepsData(c)) {
			r.Violated(c, probe, "keeps data, and has a livenessProbe from the start")
		}
	}),
}

// keepsData tells whether a container mounts what outlives its pod.
func keepsData(c pack.Container) bool {
	kept := map[string]bool{}
	for _, volume := range c.Pod.Spec.At("volumes").Items() {
		kept[volume.At("name").Text()] = volume.At("persistentVolumeClaim").Set() || volume.At("hostPath").Set()
	}
	for _, claim := range c.Pod.Owner.At("spec", "volumeClaimTemplates").Items() {
		kept[claim.At("metadata", "name").Text()] = true
	}
	return slices.ContainsFunc(c.At("volumeMounts").Items(), func(mount pack.Value) bool { return kept[mount.At("name").Text()] })
}
