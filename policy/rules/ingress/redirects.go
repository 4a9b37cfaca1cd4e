package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var redirects = pack.Rule{
	Name: "ingress-redirects-to-tls", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "who types the address without https sends the first request, with its cookies, in clear",
	Remedy:    "remove the annotation: the controller redirects by itself",
	Reference: "https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect",
	Kinds:     []string{"Ingress"},
	Parameters: map[string]any{"annotations": []any{
		"nginx.ingress.kubernetes.io/ssl-redirect", "nginx.ingress.kubernetes.io/force-ssl-redirect",
	}},
	Object: func(o pack.Object, r *pack.Report) {
		annotations := o.At("metadata", "annotations")
		pack.Each(r, o, r.List("annotations"), func(key string) {
			if at := annotations.At(key); at.Is("false") {
				r.Violated(o, at, "leaves requests in clear as they are")
			}
		})
	},
}
