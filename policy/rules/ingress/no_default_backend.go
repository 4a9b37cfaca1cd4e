package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var noDefaultBackend = pack.Rule{
	Name: "ingress-has-no-default-backend", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a default backend answers for every host and path that nobody listed",
	Remedy:    "list the hosts and paths in spec.rules",
	Reference: "https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend",
	Kinds:     []string{"Ingress"},
	Object: func(o pack.Object, r *pack.Report) {
		if at := o.At("spec", "defaultBackend"); at.Set() {
			r.Violated(o, at, "answers for whatever is not listed")
		}
	},
}
