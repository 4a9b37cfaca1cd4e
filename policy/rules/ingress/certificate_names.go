package ingress

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var certificateNames = pack.Rule{
	Name: "certificate-is-for-our-names", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "a certificate without names is refused, and one for the name of somebody else is a try that the authority counts and publishes",
	Remedy:     "list the hosts of the stack in dnsNames, all of them in the domains of the rule's parameter",
	Reference:  "https://cert-manager.io/docs/usage/certificate/",
	Kinds:      []string{"Certificate"},
	Parameters: map[string]any{"domains": []any{"eddisonso.com", "epfl.ch", "test"}},
	Object: func(o pack.Object, r *pack.Report) {
		names := o.At("spec", "dnsNames")
		if len(names.Items()) == 0 {
			r.Violated(o, names, "names no host")
		}
		pack.Each(r, o, names.Items(), func(name pack.Value) {
			if !slices.ContainsFunc(r.List("domains"), func(domain string) bool {
				return name.Text() == domain || strings.HasSuffix(name.Text(), "."+domain)
			}) {
				r.Violated(o, name, "is %s, which is not ours", name.Text())
			}
		})
	},
}
