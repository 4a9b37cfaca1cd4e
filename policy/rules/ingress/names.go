package ingress

import (
	"strings"

	"platform/policy/pack"
)

// covered tells whether a list of DNS names holds a host, by itself or by a
// wildcard for one level.
func covered(names pack.Value, host string) bool {
	return pack.Some(names.Items(), func(name pack.Value) bool {
		_, parent, _ := strings.Cut(host, ".")
		return name.Text() == host || name.Text() == "*."+parent
	})
}

// inNamespace tells whether an object is in a namespace.
func inNamespace(o pack.Object, namespace string) bool {
	return o.At("metadata", "namespace").Text() == namespace
}

// or is a text, or another where it is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
