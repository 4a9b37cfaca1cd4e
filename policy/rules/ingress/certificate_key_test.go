package ingress

import (
	"testing"

	"platform/policy/packtest"
)

func TestCertificateKey(t *testing.T) {
	const at = "Certificate/tls: spec."
	with := func(fields string) string { return but(certificate, "secretName: tls", "secretName: tls, "+fields) }
	packtest.Run(t, certificateKey, map[string]packtest.Case{
		"new":        {Objects: with("privateKey: {rotationPolicy: Always, algorithm: ECDSA, size: 256}")},
		"RSA":        {Objects: with("privateKey: {rotationPolicy: Always, size: 2048}")},
		"short":      {Objects: with("privateKey: {rotationPolicy: Always, algorithm: RSA, size: 1024}"), Want: []string{at + "privateKey.size"}},
		"kept":       {Objects: with("privateKey: {rotationPolicy: Never}"), Want: []string{at + "privateKey.rotationPolicy"}},
		"absent":     {Objects: certificate, Want: []string{at + "privateKey.rotationPolicy"}},
		"authority":  {Objects: with("privateKey: {rotationPolicy: Always}, isCA: true"), Want: []string{at + "isCA"}},
		"wrong type": {Objects: with("privateKey: {rotationPolicy: 1}"), Want: []string{at + "privateKey.rotationPolicy"}},
		"not known":  {Objects: with("privateKey: <unknown>"), Undecided: []string{at + "privateKey"}},
	})
}
