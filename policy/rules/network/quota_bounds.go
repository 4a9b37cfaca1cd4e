package network

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/policy/pack"
)

var quotaBounds = pack.Rule{
	Name: "quota-bounds-every-resource", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "what a quota does not bound, or bounds far beyond the nodes, one pod in the namespace takes from all others",
	Remedy:    "set each resource of the rule's parameter in spec.hard, to no more than it says",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, Resource policies",
	Kinds:     []string{"ResourceQuota"},
	// What all nodes of a cluster of the co2-calculator have, about: the quotas of
	// its environments are a tenth of that.
	Parameters: map[string]any{"most": []any{
		"pods=330", "limits.cpu=128", "limits.memory=256Gi", "requests.cpu=64", "requests.memory=128Gi", "requests.storage=2Ti",
	}},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, r.List("most"), func(one string) {
			name, text, _ := strings.Cut(one, "=")
			most := apiresource.MustParse(text)
			at := o.At("spec", "hard", name)
			if !at.Set() {
				r.Violated(o, at, "is not bounded")
			} else if amount := at.Quantity(); amount.Cmp(most) > 0 {
				r.Violated(o, at, "is %s, more than %s", amount.String(), text)
			}
		})
		for _, key := range []string{"scopes", "scopeSelector"} {
			if at := o.At("spec", key); at.Set() {
				r.Violated(o, at, "leaves out pods")
			}
		}
	},
}
