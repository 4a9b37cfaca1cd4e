package access

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var noEscalation = pack.Rule{
	Name: "role-cannot-escalate", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "these verbs give their holder rights that it was not given, or those of others",
	Remedy:    "remove the verb; have roles and bindings written by the program, and tokens by the kubelet",
	Reference: goodPractices + "#kubernetes-rbac-privilege-escalation-risks",
	Kinds:     roleKinds,
	Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
		if verb, can := has(grant, "verbs", "bind", "escalate", "impersonate"); can {
			r.Violated(o, verb, "is %s", verb.Text())
		}
		if account, can := allows(grant, "", []string{"serviceaccounts/token"}, []string{"create"}); can {
			r.Violated(o, account, "gives out tokens of other accounts")
		}
	}),
}
