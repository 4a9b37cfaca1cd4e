package secrets

import (
	"encoding/base64"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/secret"
)

var configMap = pack.Rule{
	Name: "config-map-holds-no-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a ConfigMap is not encrypted at rest, and read by whoever may look at the namespace",
	Remedy:    useASecret,
	Reference: goodPractices,
	Kinds:     []string{"ConfigMap"},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, o.At("data").Keys(), func(key string) { inClear(r, o, key, o.At("data", key)) })
		pack.Each(r, o, o.At("binaryData").Keys(), func(key string) {
			value := o.At("binaryData", key)
			if value.Secret() {
				r.Violated(o, value, readByAll)
				return
			}
			// What is no text is a picture or a keystore, in which any form may occur by chance.
			plain, err := base64.StdEncoding.DecodeString(value.Text())
			if why := secret.Look(key, string(plain)); err == nil && why != "" && !slices.Contains(plain, 0) {
				r.Violated(o, value, "%s, once decoded", why)
			}
		})
	},
}
