package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var monitorTarget = pack.Rule{
	Name: "monitor-finds-its-port", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a monitor that finds no pod, or no port of it, scrapes nothing, and no alert on these metrics ever fires",
	Remedy:    "select the labels of the pods or of their Service, and name one of their ports",
	Reference: operator,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(monitors...), func(monitor pack.Object) {
			list := endpoints(monitor)
			if len(list.Items()) == 0 {
				r.Violated(monitor, list, "is empty")
			}
			pack.Each(r, monitor, list.Items(), func(endpoint pack.Value) {
				if !pack.Some(s.Kinds(serving...), func(o pack.Object) bool {
					_, scraped := scrapes(s, monitor, endpoint, o)
					return scraped
				}) {
					r.Violated(monitor, endpoint, "leads to no port of any pod")
				}
			})
		})
	},
}
