package probes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var probePort = pack.Rule{
	Name: "probe-port-is-declared", Group: pack.Probes, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a probe of a port that nothing listens on fails for ever: the pod never gets ready, or is killed again and again",
	Remedy:    "name a port of the container in the probe, or declare the one that it asks",
	Reference: "https://docs.kubelinter.io/#/generated/checks (liveness-port, readiness-port, startup-port)",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		pack.Each(r, c, allProbes, func(probe string) {
			for _, how := range []string{"httpGet", "tcpSocket", "grpc"} {
				if handler := c.At(probe, how); handler.Set() && !declares(c, handler.At("port")) {
					r.Violated(c, handler.At("port"), "asks port %s, which the container does not declare", handler.At("port").Port())
				}
			}
		})
	}),
}

// declares tells whether a container declares a TCP port, by name or number.
func declares(c pack.Container, asked pack.Value) bool {
	return pack.Some(c.At("ports").Items(), func(port pack.Value) bool {
		name, number := port.At("name").Text(), port.At("containerPort").Port()
		return port.Protocol() == "TCP" && asked.Port() != "" && (asked.Port() == number || asked.Port() == name)
	})
}
