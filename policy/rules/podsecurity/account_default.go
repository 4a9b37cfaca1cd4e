package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var accountDefault = pack.Rule{
	Name: "account-mounts-no-token", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a pod that says nothing itself gets a token of its account, which whoever breaks into it has",
	Remedy:    "set automountServiceAccountToken of the ServiceAccount to false; the pods that ask the API say so themselves",
	Reference: "NSA/CISA Kubernetes Hardening Guide 1.2, protecting Pod service account tokens",
	Kinds:     []string{"ServiceAccount"},
	Object: func(o pack.Object, r *pack.Report) {
		if setting := o.At("automountServiceAccountToken"); !setting.False() {
			r.Violated(o, setting, "is not false")
		}
	},
}
