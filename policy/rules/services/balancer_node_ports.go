package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var balancerNodePorts = pack.Rule{
	Name: "load-balancer-takes-no-node-ports", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "every port is opened on every node as well, and a thousand of them use up a third of the nodes' ports",
	Remedy:    "set allocateLoadBalancerNodePorts to false; MetalLB needs none",
	Reference: documentation + "#load-balancer-nodeport-allocation",
	Kinds:     []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if !balances(o) {
			return
		}
		if at := o.At("spec", "allocateLoadBalancerNodePorts"); !at.False() {
			r.Violated(o, at, "is not false")
		}
		pack.Each(r, o, o.At("spec", "ports").Items(), func(port pack.Value) {
			if at := port.At("nodePort"); at.Int() != 0 {
				r.Violated(o, at, "is %d", at.Int())
			}
		})
	},
}
