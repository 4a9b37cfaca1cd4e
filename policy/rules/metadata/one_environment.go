package metadata

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// environmentLabel says what a stack is for; rules tell production by it.
const environmentLabel = "platform/environment"

var oneEnvironment = pack.Rule{
	Name: "stack-is-of-one-environment", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "an object of another environment is one that was copied: alerts go to the wrong people, and rules for production pass it over",
	Remedy:    "set platform/environment to that of the stack's namespace",
	Reference: labelsPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		made := map[string]bool{} // an object elsewhere, as in default, is the stack's all the same
		for _, namespace := range s.Kinds("Namespace") {
			made[namespace.At("metadata", "name").Text()] = true
		}
		pack.Each(r, nil, s.Kinds("Namespace"), func(namespace pack.Object) {
			ours := namespace.At("metadata", "labels", environmentLabel)
			name := namespace.At("metadata", "name").Text()
			if !ours.Set() {
				return
			}
			pack.Each(r, nil, s.Objects, func(o pack.Object) {
				if home := o.At("metadata", "namespace"); o.Kind == "" || o.Kind == "Namespace" || home.Set() && !home.Is(name) && made[home.Text()] {
					return
				}
				if own := o.At("metadata", "labels", environmentLabel); own.Set() && own.Text() != ours.Text() {
					r.Violated(o, own, "is %s in a stack of %s", own.Text(), ours.Text())
				}
			})
		})
	},
}
