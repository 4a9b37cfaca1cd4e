package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestIssuerExists(t *testing.T) {
	const at = "Certificate/tls: spec.issuerRef.name"
	const annotation = "Ingress/edge: metadata.annotations.cert-manager.io/"
	own := but(certificate, "kind: ClusterIssuer, ", "")
	ownIssuer := but(issuer, "ClusterIssuer", "Issuer", "name: acme", "name: acme, namespace: a")
	packtest.Run(t, issuerExists, map[string]packtest.Case{
		"there":                  {Objects: of(certificate, issuer)},
		"not there":              {Objects: certificate, Want: []string{at}},
		"another name":           {Objects: of(certificate, but(issuer, "name: acme", "name: other")), Want: []string{at}},
		"of the cluster":         {Objects: of(but(certificate, "name: acme", "name: letsencrypt-prod"), ingress)},
		"by parameter":           {Objects: certificate, Parameters: map[string]any{"cluster-issuers": []any{"acme"}}},
		"of the namespace":       {Objects: of(own, ownIssuer)},
		"absent means that":      {Objects: of(own, issuer), Want: []string{at}},
		"of another namespace":   {Objects: of(own, but(ownIssuer, "namespace: a", "namespace: b")), Want: []string{at}},
		"no Issuer by parameter": {Objects: but(own, "name: acme", "name: letsencrypt-prod"), Want: []string{at}},
		"of another group":       {Objects: but(certificate, "kind: ClusterIssuer", "group: x.test, kind: ClusterIssuer")},
		"by annotation":          {Objects: but(ingress, "letsencrypt-prod", "acme"), Want: []string{annotation + "cluster-issuer"}},
		"by another":             {Objects: but(ingress, "cluster-issuer: letsencrypt-prod", "issuer: acme"), Want: []string{annotation + "issuer"}},
		"by another's group":     {Objects: but(ingress, "letsencrypt-prod", "acme, cert-manager.io/issuer-group: x.test")},
		"no annotation":          {Objects: gateway},
		"wrong type":             {Objects: but(certificate, "name: acme", "name: 1"), Want: []string{at}},
		"not known":              {Objects: but(certificate, "name: acme", "name: <unknown>"), Undecided: []string{at}},
	})
}
