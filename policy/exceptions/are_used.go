package exceptions

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// AreUsed is the rule about exceptions themselves. It comes after all others,
// for it judges what they left.
var AreUsed = pack.Rule{
	Name: "exceptions-are-used", Group: pack.Plan, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "an exception that nothing needs covers the next mistake before anybody sees it",
	Remedy:    "take the exception out of policy/exceptions, or the stack off its list",
	Reference: "the platform's description",
	Last:      true,
	Stack: func(s *pack.Stack, r *pack.Report) {
		for _, e := range r.Unused(s) {
			subject := e.Kind + "/" + e.Name
			if e.Container != "" {
				subject += " container " + e.Container
			}
			r.Violated(nil, pack.Value{}, "the exception of %s to %s covers nothing in stack %s", subject, e.Rule, s.Name)
		}
	},
}
