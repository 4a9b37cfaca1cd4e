package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestNoSnippets(t *testing.T) {
	const at = "Ingress/edge: metadata.annotations.nginx.ingress.kubernetes.io/"
	with := func(annotation string) string {
		return but(ingress, "cert-manager.io/cluster-issuer: letsencrypt-prod", annotation)
	}
	packtest.Run(t, noSnippets, map[string]packtest.Case{
		"none":         {Objects: ingress},
		"absent":       {Objects: with("")},
		"a snippet":    {Objects: with("nginx.ingress.kubernetes.io/server-snippet: x"), Want: []string{at + "server-snippet"}},
		"a login":      {Objects: with("nginx.ingress.kubernetes.io/auth-url: x"), Want: []string{at + "auth-url"}},
		"of a realm":   {Objects: with("nginx.ingress.kubernetes.io/auth-realm: x")},
		"by parameter": {Objects: with("a.test/x: z"), Parameters: map[string]any{"endings": []any{"/x"}}, Want: []string{"Ingress/edge: metadata.annotations.a.test/x"}},
		"wrong type":   {Objects: but(ingress, "{cert-manager.io/cluster-issuer: letsencrypt-prod}", "[x]"), Want: []string{"Ingress/edge: metadata.annotations"}},
		"not known":    {Objects: but(ingress, "{cert-manager.io/cluster-issuer: letsencrypt-prod}", "<unknown>"), Undecided: []string{"Ingress/edge: metadata.annotations"}},
		"its text is":  {Objects: with("nginx.ingress.kubernetes.io/server-snippet: <unknown>"), Want: []string{at + "server-snippet"}},
	})
}
