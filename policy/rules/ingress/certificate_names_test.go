package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestCertificateNames(t *testing.T) {
	const at = "Certificate/tls: spec.dnsNames"
	packtest.Run(t, certificateNames, map[string]packtest.Case{
		"ours":       {Objects: certificate},
		"the domain": {Objects: but(certificate, "web.test", "eddisonso.com, '*.cloud.eddisonso.com'")},
		"theirs":     {Objects: but(certificate, "web.test", "web.test, example.org"), Want: []string{at + "[1]"}},
		"near miss":  {Objects: but(certificate, "web.test", "noteddisonso.com"), Want: []string{at + "[0]"}},
		"none":       {Objects: but(certificate, "[web.test]", "[]"), Want: []string{at}},
		"absent":     {Objects: but(certificate, "dnsNames: [web.test], ", ""), Want: []string{at}},
		"wrong type": {Objects: but(certificate, "[web.test]", "web.test"), Want: []string{at}},
		"not known":  {Objects: but(certificate, "[web.test]", "<unknown>"), Undecided: []string{at}},
	})
}
