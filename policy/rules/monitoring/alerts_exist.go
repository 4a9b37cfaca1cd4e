package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var alertsExist = pack.Rule{
	Name: "what-is-scraped-has-alerts", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "metrics wake nobody up by themselves",
	Remedy:    "add a PrometheusRule to the namespace",
	Reference: operator,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(monitors...), func(monitor pack.Object) {
			if !pack.Some(s.Kinds("PrometheusRule"), func(rule pack.Object) bool { return rule.Beside(monitor) }) {
				r.Violated(monitor, pack.Value{}, "has no PrometheusRule beside it")
			}
		})
	},
}
