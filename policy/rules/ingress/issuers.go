package ingress

import (
	"platform/policy/pack"
)

// wish is an issuer that an object asks for a certificate.
type wish struct {
	object pack.Object
	name   pack.Value
	kind   string // Issuer or ClusterIssuer
}

// issuerAnnotations are those by which an Ingress or a Gateway asks.
var issuerAnnotations = map[string]string{"cert-manager.io/issuer": "Issuer", "cert-manager.io/cluster-issuer": "ClusterIssuer"}

// issuerGroup is that of cert-manager's own issuers. What other groups have is
// not known here.
const issuerGroup = "cert-manager.io"

// wishes are all of a stack.
func wishes(s *pack.Stack, r *pack.Report, judge func(wish)) {
	pack.Each(r, nil, s.Kinds("Certificate"), func(o pack.Object) {
		if ref := o.At("spec", "issuerRef"); ref.At("group").Is("", issuerGroup) {
			judge(wish{o, ref.At("name"), or(ref.At("kind").Text(), "Issuer")})
		}
	})
	pack.Each(r, nil, s.Kinds("Ingress", "Gateway"), func(o pack.Object) {
		for _, key := range []string{"cert-manager.io/issuer", "cert-manager.io/cluster-issuer"} {
			if at := o.At("metadata", "annotations", key); at.Set() && o.At("metadata", "annotations", "cert-manager.io/issuer-group").Is("", issuerGroup) {
				judge(wish{o, at, issuerAnnotations[key]})
			}
		}
	})
}

// issuer is what a wish asks; false where the stack does not have it.
func (w wish) issuer(s *pack.Stack) (pack.Object, bool) {
	name := w.name.Text()
	return pack.First(s.Kinds(w.kind), func(o pack.Object) bool {
		return o.Called(name) && (w.kind == "ClusterIssuer" || o.Beside(w.object))
	})
}
