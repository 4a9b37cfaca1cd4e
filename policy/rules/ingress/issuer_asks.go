package ingress

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var issuerAsks = pack.Rule{
	Name: "issuer-asks-its-authority-safely", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "who stands between the issuer and its authority signs what it likes, and without the token of the solver nothing is signed",
	Remedy:    "name the server by https, leave out skipTLSVerify, and refer to the token of each solver",
	Reference: "https://cert-manager.io/docs/configuration/acme/",
	Kinds:     []string{"ClusterIssuer", "Issuer"},
	Object: func(o pack.Object, r *pack.Report) {
		acme := o.At("spec", "acme")
		if !acme.Set() {
			return
		}
		if at := acme.At("server"); !strings.HasPrefix(at.Text(), "https://") {
			r.Violated(o, at, "is not asked by https")
		}
		if at := acme.At("skipTLSVerify"); at.True() {
			r.Violated(o, at, "believes whoever answers")
		}
		pack.Each(r, o, acme.At("solvers").Items(), func(solver pack.Value) {
			cloudflare := solver.At("dns01", "cloudflare")
			if token := cloudflare.At("apiTokenSecretRef"); cloudflare.Set() && token.At("name").Text() == "" {
				r.Violated(o, token, "names no Secret")
			}
		})
	},
}
