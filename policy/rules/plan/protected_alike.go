package plan

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var protectedAlike = pack.Rule{
	Name: "objects-of-a-kind-are-protected-alike", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "one Secret that is not protected among others that are is an omission, and a password that the data were written with goes with it",
	Remedy:    "pass Protect to all of them",
	Reference: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
	// Of other kinds data-is-protected asks one by one.
	Parameters: map[string]any{"kinds": []any{"Secret"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		for _, kind := range r.List("kinds") {
			protected := func(o pack.Object) bool { return o.Options.Protect }
			all := s.Kinds(kind)
			if !slices.ContainsFunc(all, protected) {
				continue
			}
			for _, o := range all {
				if !protected(o) {
					r.Violated(o, pack.Value{}, "is not protected, and others of its kind are")
				}
			}
		}
	},
}
