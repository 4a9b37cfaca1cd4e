package access

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// controls are resources whose writer decides about the whole cluster, by API
// group.
var controls = map[string][]string{
	"admissionregistration.k8s.io": {
		"mutatingwebhookconfigurations", "validatingwebhookconfigurations", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
		"validatingadmissionpolicies", "validatingadmissionpolicybindings",
	},
	"apiregistration.k8s.io":    {"apiservices"},
	"certificates.k8s.io":       {"certificatesigningrequests/approval", "signers"},
	"rbac.authorization.k8s.io": {"clusterrolebindings", "clusterroles", "rolebindings", "roles"},
}

// controlGroups are those of controls, in the order in which they are reported.
var controlGroups = []string{"admissionregistration.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io", "rbac.authorization.k8s.io"}

var noTakeover = pack.Rule{
	Name: "role-cannot-steer-the-api-server", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a writer of webhooks, certificates or roles reads and changes what everybody asks of the API server",
	Remedy:    "remove the write verbs; have the program write such objects",
	Reference: goodPractices + "#control-admission-webhooks",
	Kinds:     roleKinds,
	Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
		verbs := append([]string{"approve", "sign"}, writes...)
		for _, group := range controlGroups {
			if control, can := allows(grant, group, controls[group], verbs); can {
				r.Violated(o, control, "may be written: %s", control.Text())
				return
			}
		}
	}),
}
