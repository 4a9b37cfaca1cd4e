package network

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var namespaceEnforces = pack.Rule{
	Name: "namespace-enforces-a-level", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "whoever may create pods in the namespace gets root on a node where the API server does not refuse privileged ones",
	Remedy:    "set pod-security.kubernetes.io/enforce to the level",
	Reference: admissionPage,
	Kinds:     []string{"Namespace"},
	Object: func(o pack.Object, r *pack.Report) {
		least := pack.Parameter[string](r, "level")
		label := o.At("metadata", "labels", levelLabel+"enforce")
		if at := slices.Index(levels, label.Text()); at < 0 || at > slices.Index(levels, least) {
			r.Violated(o, label, "is less than %s", least)
		}
	},
	Parameters: map[string]any{"level": "restricted"},
}
