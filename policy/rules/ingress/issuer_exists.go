package ingress

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var issuerExists = pack.Rule{
	Name: "certificate-issuer-exists", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "a certificate of an issuer that is not there is never issued, and an old one expires",
	Remedy:     "name an issuer of this stack, or add the cluster's own to the rule's parameter",
	Reference:  "https://cert-manager.io/docs/concepts/issuer/",
	Parameters: map[string]any{"cluster-issuers": []any{"letsencrypt-prod"}}, // of whoever runs the cluster
	Stack: func(s *pack.Stack, r *pack.Report) {
		wishes(s, r, func(w wish) {
			name := w.name.Text()
			if w.kind == "ClusterIssuer" && slices.Contains(r.List("cluster-issuers"), name) {
				return
			}
			if _, found := w.issuer(s); !found {
				r.Violated(w.object, w.name, "is %q, and there is no such %s", name, w.kind)
			}
		})
	},
}
