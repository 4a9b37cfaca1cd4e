package storage

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// dataProtected asks for the option protect alone: the engine tells a policy
// nothing of retainOnDelete.
var dataProtected = pack.Rule{
	Name: "data-is-protected", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a renamed argument or a destroy in the wrong terminal deletes data, everything in a namespace, or an address that DNS names",
	Remedy:    "set platform:protect to true, and pass the option Protect to the resource",
	Reference: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
	Parameters: map[string]any{
		"kinds": []any{
			"CustomResourceDefinition", "IPAddressPool", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet",
		},
		"trial-stacks": []any{"dev", "local", "k3s-local"}, // whose data nobody misses
	},
	Stack: func(s *pack.Stack, r *pack.Report) {
		if slices.Contains(r.List("trial-stacks"), s.Name) {
			return
		}
		kinds := r.List("kinds")
		pack.Each(r, nil, s.Objects, func(o pack.Object) {
			if !o.Options.Protect && (slices.Contains(kinds, o.Kind) || holdsAddress(o)) {
				r.Violated(o, pack.Value{}, "is not protected")
			}
		})
	},
}

// holdsAddress tells whether an address goes with the object.
func holdsAddress(o pack.Object) bool {
	return o.Kind == "Service" && o.At("spec", "type").Is("LoadBalancer")
}
