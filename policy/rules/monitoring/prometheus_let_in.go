package monitoring

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var prometheusLetIn = pack.Rule{
	Name: "prometheus-is-let-in", Group: pack.Monitoring, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a default deny drops the scrapes, every target is down, and alerts on its metrics never fire",
	Remedy:    "add a NetworkPolicy that lets Prometheus reach the port of the pods",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
	Parameters: map[string]any{
		"namespace": "monitoring",
		"labels":    []any{"app.kubernetes.io/name=prometheus"}, // of Prometheus' pods
		"networks":  []any{"10.42.0.0/16"},                      // that Prometheus' pods have addresses of
	},
	Stack: func(s *pack.Stack, r *pack.Report) {
		client := newClient(s, r)
		pack.Each(r, nil, s.Kinds(monitors...), func(monitor pack.Object) {
			pack.Each(r, monitor, endpoints(monitor).Items(), func(endpoint pack.Value) {
				for _, o := range s.Kinds(serving...) {
					pack.Each(r, monitor, []pack.Value{endpoint}, func(endpoint pack.Value) {
						if port, found := scrapes(s, monitor, endpoint, o); found && !client.reaches(s, o, port) {
							r.Violated(monitor, endpoint, "leads to port %d of %s, whose policies do not let Prometheus in", port.At("containerPort").Int(), o)
						}
					})
				}
			})
		})
	},
}

// reaches tells whether the policies of a workload's pods let the client reach
// a port. A pod on its node's network has no policies, and one that no policy
// selects is open to all.
func (c client) reaches(s *pack.Stack, o pack.Object, port pack.Value) bool {
	pod, _ := o.Pod()
	if pod.Spec.At("hostNetwork").True() {
		return true
	}
	restricted := false
	if pack.Some(s.Kinds("NetworkPolicy"), func(policy pack.Object) bool {
		if !guards(policy, o) {
			return false
		}
		restricted = true
		return pack.Some(policy.At("spec", "ingress").Items(), func(rule pack.Value) bool {
			return opens(rule, port) && c.isFrom(policy, rule)
		})
	}) {
		return true
	}
	return !restricted
}

// guards tells whether a policy says who may reach the pods of a workload.
func guards(policy, o pack.Object) bool {
	kinds := policy.At("spec", "policyTypes").Texts()
	return policy.Beside(o) && (len(kinds) == 0 || slices.Contains(kinds, "Ingress")) &&
		o.Runs(selectorOrAll(policy.At("spec", "podSelector")))
}

// opens tells whether a rule of a policy is for a container port.
func opens(rule, port pack.Value) bool {
	ports := rule.At("ports").Items()
	number := port.At("containerPort").Int()
	return len(ports) == 0 || pack.Some(ports, func(one pack.Value) bool {
		if one.Protocol() != port.Protocol() {
			return false
		}
		at, last := one.At("port"), one.At("endPort")
		switch {
		case !at.Set():
			return true
		case last.Set():
			return at.Int() <= number && number <= last.Int()
		default:
			return at.Port() == port.At("containerPort").Port() || at.Port() == port.At("name").Text()
		}
	})
}
