package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var pathType = pack.Rule{
	Name: "ingress-paths-are-plain", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the controller reads a path of its own kind as a pattern and writes it into its configuration",
	Remedy:    "set pathType to Prefix or Exact",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types",
	Kinds:     []string{"Ingress"},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("spec", "rules").Items(), func(rule pack.Value) {
			pack.Each(r, o, rule.At("http", "paths").Items(), func(path pack.Value) {
				if kind := path.At("pathType"); !kind.Is("Exact", "Prefix") {
					r.Violated(o, kind, "is neither Prefix nor Exact")
				}
			})
		})
	},
}
