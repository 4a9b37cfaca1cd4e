package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPort = pack.Rule{
	Name: "container-takes-no-host-port", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a port of the node goes around Services and their policies, and binds the pod to nodes where it is free",
	Remedy:    "leave out hostPort, and reach the container through a Service",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
			if number := port.At("hostPort"); number.Int() != 0 {
				r.Violated(c, number, "takes port %d of its node", number.Int())
			}
		})
	}),
}
