// Package ingress holds the rules about the edge: an Ingress, a Gateway with
// its HTTPRoutes, or OpenShift's Routes, and the certificates of each.
package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var ingressTLS = pack.Rule{
	Name: "ingress-has-tls", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "passwords and sessions cross the network in clear",
	Remedy:    "list each host of the rules under tls, with the Secret of its certificate",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
	Kinds:     []string{"Ingress"},
	Object: func(o pack.Object, r *pack.Report) {
		entries := o.At("spec", "tls")
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			host := rule.At("host")
			name := host.Text()
			if name == "" {
				return // a finding of the rule for hosts
			}
			entry, listed := pack.First(entries.Items(), func(entry pack.Value) bool { return covered(entry.At("hosts"), name) })
			if !listed {
				r.Violated(o, host, "is %s, which no entry of tls lists", name)
			} else if secret := entry.At("secretName"); secret.Text() == "" {
				r.Violated(o, secret, "is missing: %s gets the controller's own certificate", name)
			}
		})
		pack.Each(r, o, []pack.Value{entries}, func(entries pack.Value) {
			if len(entries.Items()) == 0 {
				r.Violated(o, entries, "is missing")
			}
		})
	},
}
