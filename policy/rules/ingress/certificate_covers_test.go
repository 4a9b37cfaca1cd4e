package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestCertificateCovers(t *testing.T) {
	const annotated = "cert-manager.io/cluster-issuer: letsencrypt-prod"
	const gatewaySecret = "Gateway/edge: spec.listeners[1].tls.certificateRefs[0].name"
	const routeSecret = "Route/edge: spec.tls.externalCertificate.name"
	const secret = "{apiVersion: v1, kind: Secret, metadata: {name: tls, namespace: a}}"
	bare := but(ingress, annotated, "")
	packtest.Run(t, certificateCovers, map[string]packtest.Case{
		"by annotation":     {Objects: ingress},
		"by a Certificate":  {Objects: of(bare, gateway, route, certificate)},
		"absent":            {Objects: of(bare, gateway, route), Want: []string{"Ingress/edge: spec.tls[0].secretName", gatewaySecret, routeSecret}},
		"another Secret":    {Objects: of(route, but(certificate, "secretName: tls", "secretName: other")), Want: []string{routeSecret}},
		"another namespace": {Objects: of(route, but(certificate, "namespace: a", "namespace: b")), Want: []string{routeSecret}},
		"a Secret":          {Objects: of(bare, secret)},
		"elsewhere":         {Objects: of(bare, but(secret, "namespace: a", "namespace: b")), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"by parameter":      {Objects: bare, Parameters: map[string]any{"secrets-of-others": []any{"tls"}}},
		"another host": {
			Objects: of(bare, gateway, route, but(certificate, "web.test", "api.test")),
			Want:    []string{"Ingress/edge: spec.tls[0].hosts[0]", "Gateway/edge: spec.listeners[1].hostname", "Route/edge: spec.host"},
		},
		"no Secret named":    {Objects: but(bare, ", secretName: tls", "")},
		"other Secrets":      {Objects: of(bare, but(secret, "name: tls", "name: other")), Want: []string{"Ingress/edge: spec.tls[0].secretName"}},
		"no host named":      {Objects: of(but(gateway, "port: 443, hostname: web.test", "port: 443"), certificate)},
		"a Route cannot ask": {Objects: but(route, "namespace: a", "namespace: a, annotations: {"+annotated+"}"), Want: []string{routeSecret}},
		"by its own issuer":  {Objects: but(ingress, "cluster-issuer", "issuer")},
		"a Gateway's own":    {Objects: but(gateway, "name: tls}", "name: tls, namespace: a}"), Want: []string{gatewaySecret}},
		"a wildcard":         {Objects: of(route, but(certificate, "web.test", "'*.test'"))},
		"a Gateway's other":  {Objects: but(gateway, "name: tls}", "name: tls, namespace: b}")},
		"a Route of none":    {Objects: but(route, ", externalCertificate: {name: tls}", "")},
		"wrong type":         {Objects: of(but(route, "{name: tls}", "{name: 1}"), certificate), Want: []string{routeSecret}},
		"not known":          {Objects: of(but(route, "{name: tls}", "{name: <unknown>}"), certificate), Undecided: []string{routeSecret}},
		"names unknown":      {Objects: of(route, but(certificate, "[web.test]", "<unknown>")), Undecided: []string{"Route/edge: spec.dnsNames"}},
	})
}
