// Package reachability holds the rule that compares who can reach whom with
// what is stated of the platform.
package reachability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/expectations"
	"platform/policy/reach/objects"
)

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Network, []pack.Rule{
	{
		Name: "reachability-is-as-stated", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:     "whoever reaches more than is stated is one break-in away from it, and whoever reaches less does not work",
		Remedy:     "correct the policy that is named, or state the connection in the stack file (egress, reaches) or in policy/reach/expectations",
		Reference:  "the platform's description",
		Stack:      check,
		Parameters: expectations.Parameters,
	},
})

// check compares a stack of a platform that is stated. A stack with a value
// that is not known is not checked: half of the policies say nothing about who
// reaches whom.
func check(s *pack.Stack, r *pack.Report) {
	var reader objects.Reader
	read := 0
	pack.Each(r, nil, s.Objects, func(o pack.Object) {
		if err := reader.Add(o); err != nil {
			r.Violated(o, pack.Value{}, "%s", err)
			return
		}
		read++
	})
	platform, stated := expectations.For(reader.Cluster())
	if read < len(s.Objects) || !stated {
		return
	}
	platform, err := platform.Configured(r.Parameters())
	if err != nil {
		r.Violated(nil, pack.Value{}, "%s", err)
		return
	}
	evaluator, err := reach.NewEvaluator(reader.Cluster(), platform.Around)
	if err != nil {
		r.Violated(nil, pack.Value{}, "%s", err)
		return
	}
	for _, finding := range platform.Check(evaluator.NewMatrix()) {
		owner, made := reader.Owner(finding.To)
		if !made {
			owner, made = reader.Owner(finding.From)
		}
		if !made {
			r.Violated(nil, pack.Value{}, "%s", finding)
			continue
		}
		r.Violated(owner, pack.Value{}, "%s", finding)
	}
}
