package plan

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var onceRegistered = pack.Rule{
	Name: "object-is-registered-once", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "two resources for one object overwrite each other at every deployment, and the removal of either deletes it",
	Remedy:    "register the object once, or give the second a name of its own",
	Reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
	Stack: func(s *pack.Stack, r *pack.Report) {
		type place struct{ group, kind, namespace, name string }
		seen := map[place]pack.Object{}
		pack.Each(r, nil, s.Objects, func(o pack.Object) {
			if o.Kind == "" || strings.HasSuffix(o.Kind, "Patch") || !o.At("metadata", "name").Set() {
				return
			}
			at := place{group(o), o.Kind, o.At("metadata", "namespace").Text(), o.At("metadata", "name").Text()}
			if first, twice := seen[at]; twice {
				r.Violated(o, o.At("metadata", "name"), "is the object of %s as well", first.Logical)
				return
			}
			seen[at] = o
		})
	},
}

// group is an object's API group: one object may be asked for in several
// versions of it.
func group(o pack.Object) string {
	group, _, found := strings.Cut(o.APIVersion, "/")
	if !found {
		return ""
	}
	return group
}
