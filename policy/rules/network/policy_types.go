package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var policyTypes = pack.Rule{
	Name: "policy-names-its-types", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "without a type the rules for it do nothing, or the API server adds one that nobody read",
	Remedy:    "list Ingress, Egress or both in policyTypes, each direction that has rules among them",
	Reference: policiesPage,
	Kinds:     []string{"NetworkPolicy"},
	Object: ofKubernetesOnly(func(o pack.Object, r *pack.Report) {
		types := o.At("spec", "policyTypes")
		if len(types.Items()) == 0 {
			r.Violated(o, types, "names none")
			return
		}
		for direction, kind := range map[string]string{"ingress": "Ingress", "egress": "Egress"} {
			if len(o.At("spec", direction).Items()) > 0 && !slices.Contains(types.Texts(), kind) {
				r.Violated(o, types, "lacks %s, for which there are rules", kind)
			}
		}
	}),
}
