package access

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// secretsByName leaves creation alone, which no name can bound. What is
// changed or deleted is asked for as well: it is another's password.
var secretsByName = pack.Rule{
	Name: "role-reads-secrets-by-name", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an account that reads all Secrets of a namespace has every password of it",
	Remedy:    "list the Secrets in resourceNames",
	Reference: goodPractices + "#listing-secrets",
	Kinds:     roleKinds,
	Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
		verbs := []string{"get", "list", "watch", "update", "patch", "delete", "deletecollection"}
		secrets, can := allows(grant, "", []string{"secrets", all}, verbs)
		if can && len(grant.At("resourceNames").Items()) == 0 {
			r.Violated(o, secrets, "gives all Secrets")
		}
	}),
}
