package ingress

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var classAllowed = pack.Rule{
	Name: "edge-class-is-allowed", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "no controller serves a class that the cluster does not have, and a second one may face another network",
	Remedy:     "set ingressClassName, or gatewayClassName, to a class of the rule's parameter",
	Reference:  "the platform's description: Ingress",
	Parameters: map[string]any{"classes": []any{"nginx"}},
	Kinds:      []string{"Gateway", "Ingress"},
	Object: func(o pack.Object, r *pack.Report) {
		at := o.At("spec", "ingressClassName")
		if o.Kind == "Gateway" {
			at = o.At("spec", "gatewayClassName")
		} else if former := o.At("metadata", "annotations", "kubernetes.io/ingress.class"); !at.Set() && former.Set() {
			at = former
		}
		switch class := at.Text(); {
		case class == "":
			r.Violated(o, at, "is not set")
		case !slices.Contains(r.List("classes"), class):
			r.Violated(o, at, "is %s", class)
		}
	},
}
