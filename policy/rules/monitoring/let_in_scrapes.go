package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var letInScrapes = pack.Rule{
	Name: "who-lets-prometheus-in-is-scraped", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "a way in that nobody uses is one that nobody looks at, and metrics that nobody collects are missing on the day that they are looked for",
	Remedy:    "add a PodMonitor or ServiceMonitor for the port, or take the rule out of the policy",
	Reference: operator,
	Parameters: map[string]any{
		"namespace": "monitoring",
		"labels":    []any{"app.kubernetes.io/name=prometheus"}, // of Prometheus' pods
		"networks":  []any{},
	},
	Stack: func(s *pack.Stack, r *pack.Report) {
		client := newClient(s, r)
		pack.Each(r, nil, s.Kinds("NetworkPolicy"), func(policy pack.Object) {
			pack.Each(r, policy, policy.At("spec", "ingress").Items(), func(rule pack.Value) {
				if !client.named(policy, rule) {
					return
				}
				if !pack.Some(s.Kinds(serving...), func(o pack.Object) bool {
					pod, _ := o.Pod()
					return guards(policy, o) && pack.Some(pod.Containers(), func(c pack.Container) bool {
						return pack.Some(c.At("ports").Items(), func(port pack.Value) bool { return opens(rule, port) && scraped(s, o, port) })
					})
				}) {
					r.Violated(policy, rule, "lets Prometheus in to what no monitor scrapes")
				}
			})
		})
	},
}

// named tells whether a rule of a policy is for the client by its labels.
func (c client) named(policy pack.Object, rule pack.Value) bool {
	return len(rule.At("from").Items()) > 0 && c.isFrom(policy, rule) && pack.Some(rule.At("from").Items(), func(peer pack.Value) bool {
		return !selectorOrAll(peer.At("podSelector")).Empty()
	})
}
