package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var calicoStages = pack.Rule{
	Name: "calico-early-policy-is-whole", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "Calico refuses a policy before connection tracking or address translation that does not apply to forwarded traffic, and one before translation that looks outwards",
	Remedy:    "set applyOnForward to true, and keep egress out of a preDNAT policy",
	Reference: calicoPolicyPage,
	Kinds:     []string{"GlobalNetworkPolicy"},
	Object: func(o pack.Object, r *pack.Report) {
		if !early(o) {
			return
		}
		spec := o.At("spec")
		if forward := spec.At("applyOnForward"); !forward.True() {
			r.Violated(o, forward, "is not true")
		}
		if spec.At("preDNAT").True() && calicoRestricts(o, "Egress") {
			r.Violated(o, spec.At("egress"), "looks outwards before addresses are translated")
		}
		if spec.At("preDNAT").True() && spec.At("doNotTrack").True() {
			r.Violated(o, spec.At("preDNAT"), "is set beside doNotTrack")
		}
	},
}
