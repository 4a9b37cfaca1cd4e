package secrets

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var secretData = pack.Rule{
	Name: "secret-has-no-string-data", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "the API server never returns stringData: each preview shows it as changed, and last-applied annotations keep it in clear",
	Remedy:    "put the values into data, in base64",
	Reference: "https://github.com/pulumi/pulumi-kubernetes/issues/653",
	Kinds:     []string{"Secret"},
	Object: func(o pack.Object, r *pack.Report) {
		if data := o.At("stringData"); len(data.Keys()) > 0 {
			r.Violated(o, data, "has keys: %s", strings.Join(data.Keys(), ", "))
		}
	},
}
