package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var portsNamed = pack.Rule{
	Name: "policy-names-its-ports", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a rule without ports opens every port that the program ever opens: debuggers and metrics, too",
	Remedy:    "list the ports of each rule one by one",
	Reference: policiesPage,
	Kinds:     []string{"NetworkPolicy"},
	Object: eachRule(func(o pack.Object, rule pack.Value, r *pack.Report) {
		ports := rule.At("ports")
		if len(ports.Items()) == 0 {
			r.Violated(o, ports, "are all")
		}
		pack.Each(r, o, ports.Items(), func(port pack.Value) {
			if number := port.At("port"); !number.Set() {
				r.Violated(o, number, "is not set, which means all of the protocol")
			}
			if last := port.At("endPort"); last.Set() {
				r.Violated(o, last, "makes it a range")
			}
		})
	}),
}

// eachRule judges each rule of a policy of Kubernetes, whichever way it is for.
func eachRule(judge func(o pack.Object, rule pack.Value, r *pack.Report)) func(o pack.Object, r *pack.Report) {
	return ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		for _, direction := range []string{"ingress", "egress"} {
			pack.Each(r, o, o.At("spec", direction).Items(), func(rule pack.Value) { judge(o, rule, r) })
		}
	})
}
