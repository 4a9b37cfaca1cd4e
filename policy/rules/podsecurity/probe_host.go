package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var probeHost = pack.Rule{
	Name: "probe-asks-its-own-pod", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the kubelet sends probes from the node, so that a host in one reaches what the pod itself must not",
	Remedy:    "leave out host of httpGet and tcpSocket in probes and hooks",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		actions := []pack.Value{
			c.At("livenessProbe"), c.At("readinessProbe"), c.At("startupProbe"),
			c.At("lifecycle", "postStart"), c.At("lifecycle", "preStop"),
		}
		pack.Each(r, c, actions, func(action pack.Value) {
			for _, how := range []string{"httpGet", "tcpSocket"} {
				if host := action.At(how, "host"); host.Text() != "" {
					r.Violated(c, host, "has the node ask %s", host.Text())
				}
			}
		})
	}),
}
