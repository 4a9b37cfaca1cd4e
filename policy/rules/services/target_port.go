package services

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var targetPort = pack.Rule{
	Name: "service-port-is-a-pods-port", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a port that no container opens refuses every connection",
	Remedy:    "set targetPort to the name of a port that the pods declare",
	Reference: documentation + "#field-spec-ports",
	// The compute ports of the platform's description: the gateway opens one
	// when somebody rents it, so it declares none.
	Parameters: map[string]any{"opened-on-demand": []any{"8000-8999"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		onDemand := ranges(r.List("opened-on-demand"))
		pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
			pack.Each(r, service, s.Kinds(serving...), func(o pack.Object) {
				if !service.Leads(o) || o.Off() {
					return
				}
				pod, _ := o.Pod()
				pack.Each(r, service, service.At("spec", "ports").Items(), func(port pack.Value) {
					target := target(port)
					if number, _ := strconv.Atoi(target.Port()); onDemand.hold(number) { // a name reads as 0
						return
					}
					if _, declared := pod.Port(target.Port(), port.Protocol()); !declared {
						r.Violated(service, target, "is %s/%s, which no container of %s declares", target.Port(), port.Protocol(), o)
					}
				})
			})
		})
	},
}

// target is where a port leads; the API server makes an absent one the port.
func target(port pack.Value) pack.Value {
	if target := port.At("targetPort"); target.Set() {
		return target
	}
	return port.At("port")
}
