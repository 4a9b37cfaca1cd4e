package access

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var noWildcards = pack.Rule{
	Name: "role-has-no-wildcards", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a wildcard allows today what nobody meant and tomorrow what nobody knows yet",
	Remedy:    "name the groups, resources and verbs one by one",
	Reference: goodPractices + "#least-privilege",
	Kinds:     roleKinds,
	Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
		for _, field := range []string{"apiGroups", "nonResourceURLs", "resources", "verbs"} {
			pack.Each(r, o, grant.At(field).Items(), func(one pack.Value) {
				if strings.Contains(one.Text(), all) {
					r.Violated(o, one, "is a wildcard")
				}
			})
		}
	}),
}
