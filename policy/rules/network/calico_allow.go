package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var calicoAllow = pack.Rule{
	Name: "calico-allow-names-ports-or-peers", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a global rule that allows everything to everybody is stronger than every policy after it",
	Remedy:    "name the rule's destination ports or its source",
	Reference: calicoPolicyPage,
	Kinds:     []string{"GlobalNetworkPolicy"},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("spec", "ingress").Items(), func(rule pack.Value) {
			ports := rule.At("destination", "ports")
			if rule.At("action").Is("Allow") && len(ports.Items()) == 0 && len(rule.At("source").Keys()) == 0 {
				r.Violated(o, ports, "allows all ports to everybody")
			}
		})
	},
}
