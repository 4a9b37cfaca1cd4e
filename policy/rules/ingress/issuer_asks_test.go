package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestIssuerAsks(t *testing.T) {
	const at = "ClusterIssuer/acme: spec.acme."
	with := func(fields string) string { return but(issuer, "server: https", fields+", server: https") }
	packtest.Run(t, issuerAsks, map[string]packtest.Case{
		"safely":     {Objects: with("solvers: [{dns01: {cloudflare: {apiTokenSecretRef: {name: a, key: b}}}}]")},
		"by HTTP":    {Objects: but(issuer, "https:", "http:"), Want: []string{at + "server"}},
		"absent":     {Objects: but(issuer, "server: https://acme-v02.api.letsencrypt.org/directory", "email: a@b"), Want: []string{at + "server"}},
		"believing":  {Objects: with("skipTLSVerify: true"), Want: []string{at + "skipTLSVerify"}},
		"no token":   {Objects: with("solvers: [{dns01: {cloudflare: {email: a@b}}}]"), Want: []string{at + "solvers[0].dns01.cloudflare.apiTokenSecretRef"}},
		"of its own": {Objects: but(issuer, "acme: {server: https://acme-v02.api.letsencrypt.org/directory}", "selfSigned: {}")},
		"wrong type": {Objects: with("skipTLSVerify: 'true'"), Want: []string{at + "skipTLSVerify"}},
		"not known":  {Objects: with("skipTLSVerify: <unknown>"), Undecided: []string{at + "skipTLSVerify"}},
	})
}
