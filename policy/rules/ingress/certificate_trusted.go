package ingress

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var certificateTrusted = pack.Rule{
	Name: "certificate-is-trusted", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "browsers refuse certificates of a staging or self-signed issuer, and users learn to click warnings away",
	Remedy:     "name an issuer of the authority's production server",
	Reference:  "https://letsencrypt.org/docs/staging-environment/",
	Parameters: map[string]any{"trial-stacks": []any{"dev", "local", "k3s-local"}},
	Stack: func(s *pack.Stack, r *pack.Report) {
		if slices.Contains(r.List("trial-stacks"), s.Name) {
			return
		}
		wishes(s, r, func(w wish) {
			if name := w.name.Text(); staging(name) {
				r.Violated(w.object, w.name, "is %s", name)
			} else if issuer, found := w.issuer(s); found {
				w.judge(r, issuer)
			}
		})
	},
}

// judge judges the issuer that is asked.
func (w wish) judge(r *pack.Report, issuer pack.Object) {
	if server := issuer.At("spec", "acme", "server").Text(); staging(server) {
		r.Violated(w.object, w.name, "is %s, whose server is %s", issuer, server)
	}
	if issuer.At("spec", "selfSigned").Set() {
		r.Violated(w.object, w.name, "is %s, which is self-signed", issuer)
	}
}

func staging(text string) bool { return strings.Contains(strings.ToLower(text), "staging") }
