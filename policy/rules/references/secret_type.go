package references

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var secretType = pack.Rule{
	Name: "secret-has-the-type-of-its-values", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server refuses a Secret whose type asks for other keys, the kubelet pulls with none but its own type, and a token of an account never expires",
	Remedy:    "set type to Opaque, to kubernetes.io/tls with tls.crt and tls.key, or to kubernetes.io/dockerconfigjson with .dockerconfigjson",
	Reference: secretsPage + "#secret-types",
	Kinds:     []string{"Secret"},
	Object: func(o pack.Object, r *pack.Report) {
		at, has := o.At("type"), keys(o)
		if len(has) == 0 {
			r.Violated(o, o.At("data"), "has no values")
		}
		switch kind := at.Text(); kind {
		case "", "Opaque":
			if slices.Contains(has, pullKey) {
				r.Violated(o, at, "is not that of a login to a registry")
			}
		case "kubernetes.io/dockerconfigjson":
			if !slices.Contains(has, pullKey) {
				r.Violated(o, at, "asks for the key %s", pullKey)
			}
		case "kubernetes.io/tls":
			if !slices.Contains(has, "tls.crt") || !slices.Contains(has, "tls.key") {
				r.Violated(o, at, "asks for the keys tls.crt and tls.key")
			}
		default:
			r.Violated(o, at, "is %s, which is not listed", kind)
		}
	},
}

// pullKey is the key of a login to a registry.
const pullKey = ".dockerconfigjson"
