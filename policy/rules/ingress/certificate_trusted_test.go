package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestCertificateTrusted(t *testing.T) {
	const at = "Certificate/tls: spec.issuerRef.name"
	stagingServer := but(issuer, "acme-v02", "acme-staging-v02")
	selfSigned := but(issuer, "{acme: {server: https://acme-v02.api.letsencrypt.org/directory}}", "{selfSigned: {}}")
	packtest.Run(t, certificateTrusted, map[string]packtest.Case{
		"trusted":                   {Objects: of(certificate, issuer, ingress)},
		"staging":                   {Objects: but(certificate, "name: acme", "name: letsencrypt-staging"), Want: []string{at}},
		"by annotation":             {Objects: but(ingress, "letsencrypt-prod", "LetsEncrypt-Staging"), Want: []string{"Ingress/edge: metadata.annotations.cert-manager.io/cluster-issuer"}},
		"staging twice":             {Objects: of(but(certificate, "name: acme", "name: staging"), but(stagingServer, "name: acme", "name: staging")), Want: []string{at}},
		"staging, all else unknown": {Objects: of(but(certificate, "name: acme", "name: staging"), but(issuer, "name: acme", "name: <unknown>")), Want: []string{at}},
		"its server":                {Objects: of(certificate, stagingServer), Want: []string{at}},
		"another's":                 {Objects: of(certificate, but(stagingServer, "name: acme", "name: other"))},
		"self-signed":               {Objects: of(certificate, selfSigned), Want: []string{at}},
		"in stack prod":             {Stack: "prod", Objects: of(certificate, stagingServer), Want: []string{at}},
		"a trial":                   {Stack: "dev", Objects: of(certificate, stagingServer)},
		"absent":                    {Objects: but(certificate, ", issuerRef: {kind: ClusterIssuer, name: acme}", "")},
		"wrong type":                {Objects: of(certificate, but(issuer, "https://acme-v02.api.letsencrypt.org/directory", "1")), Want: []string{"Certificate/tls: spec.acme.server"}},
		"not known":                 {Objects: but(certificate, "name: acme", "name: <unknown>"), Undecided: []string{at}},
		"server unknown":            {Objects: of(certificate, but(issuer, "https://acme-v02.api.letsencrypt.org/directory", "<unknown>")), Undecided: []string{"Certificate/tls: spec.acme.server"}},
	})
}
