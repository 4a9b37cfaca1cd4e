package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var certificateKey = pack.Rule{
	Name: "certificate-key-is-strong-and-new", Group: pack.Ingress, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a key that stays for ever or is short is one that somebody has, and a certificate that signs others is one for every name",
	Remedy:    "set privateKey.rotationPolicy to Always with ECDSA, Ed25519 or RSA of 2048 bits, and leave out isCA",
	Reference: "https://cert-manager.io/docs/usage/certificate/#issuance-behavior-rotation-of-the-private-key",
	Kinds:     []string{"Certificate"},
	Object: func(o pack.Object, r *pack.Report) {
		key := o.At("spec", "privateKey")
		if at := key.At("rotationPolicy"); !at.Is("Always") {
			r.Violated(o, at, "keeps the key when the certificate is renewed")
		}
		if size := key.At("size"); key.At("algorithm").Is("", "RSA") && size.Set() && size.Int() < leastRSA {
			r.Violated(o, size, "is %d bits of RSA", size.Int())
		}
		if at := o.At("spec", "isCA"); at.True() {
			r.Violated(o, at, "signs other certificates")
		}
	},
}

// leastRSA is the shortest key that public authorities sign, in bits.
const leastRSA = 2048
