package secrets

import (
	"slices"

	"platform/policy/pack"
)

// Kinds of objects that have others write a Secret.
const (
	operatorKind    = "InfisicalStaticSecret"
	certificateKind = "Certificate"
)

// certificateKeys are those that cert-manager writes.
var certificateKeys = []string{"ca.crt", "tls.crt", "tls.key"}

// written is the Secret or ConfigMap that a reference names, with its keys;
// false where nothing of the stack writes one.
func written(s *pack.Stack, namespace string, ref reference) (keys []string, found bool) {
	name := ref.name.Text()
	if own, ok := pack.First(s.Kinds(ref.kind), func(o pack.Object) bool {
		return o.Called(name) && o.At("metadata", "namespace").Is(namespace)
	}); ok {
		return slices.Concat(own.At("data").Keys(), own.At("stringData").Keys(), own.At("binaryData").Keys()), true
	}
	if ref.kind != "Secret" {
		return nil, false
	}
	if target, ok := operated(s, namespace, name); ok {
		return target.At("template", "data").Keys(), true
	}
	return certificateKeys, pack.Some(s.Kinds(certificateKind), func(o pack.Object) bool {
		return o.At("spec", "secretName").Is(name) && o.At("metadata", "namespace").Is(namespace)
	})
}

// operated is what the operator is told of a Secret; false where it is told
// nothing.
func operated(s *pack.Stack, namespace, name string) (pack.Value, bool) {
	var targets []pack.Value
	for _, o := range s.Kinds(operatorKind) {
		targets = append(targets, o.At("spec", "targets").Items()...)
	}
	return pack.First(targets, func(target pack.Value) bool {
		return target.At("name").Is(name) && target.At("namespace").Is(namespace)
	})
}
