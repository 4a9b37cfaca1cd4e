package services

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// described is where the ports, the pool and its addresses come from.
const described = "the platform's description: Services, MetalLB"

var balancerPorts = pack.Rule{
	Name: "load-balancer-opens-what-is-declared", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "each further port is one more door of the cluster, and one that is missing is a service that nobody reaches",
	Remedy:     "open exactly the ports of the rule's parameter, by TCP, or change the parameter with the platform's description",
	Reference:  described,
	Parameters: map[string]any{"ports": []any{"80", "443", "2222", "8000-8999"}},
	Kinds:      []string{"Service"},
	Object: func(o pack.Object, r *pack.Report) {
		if !balances(o) {
			return
		}
		declared := ranges(r.List("ports"))
		at := o.At("spec", "ports")
		var open, further []int
		known := true
		for _, port := range at.Items() {
			number := port.At("port")
			if !number.Known() {
				known = false
				pack.Each(r, o, []pack.Value{number}, func(v pack.Value) { v.Set() }) // tells that it is not known
				continue
			}
			open = append(open, number.Int())
			if port.Protocol() != "TCP" || !declared.hold(number.Int()) {
				further = append(further, number.Int())
			}
		}
		missing := slices.DeleteFunc(declared.ports(), func(port int) bool { return slices.Contains(open, port) })
		if len(further) > 0 {
			r.Violated(o, at, "opens %s, which is not declared", collect(further))
		}
		if len(missing) > 0 && known {
			r.Violated(o, at, "lacks %s, which is declared", collect(missing))
		}
	},
}

func balances(o pack.Object) bool { return o.At("spec", "type").Is("LoadBalancer") }
