package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// waitFor has the provider wait for what a controller makes of an object.
const waitFor = "pulumi.com/waitFor"

var operatorAwait = pack.Rule{
	Name: "operated-secret-is-awaited", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a run that does not wait starts Jobs and pods before the operator has written their Secret, and ends well when it cannot",
	Remedy:    "set the annotation pulumi.com/waitFor to the operator's condition",
	Reference: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations",
	Kinds:     []string{operatorKind},
	Object: func(o pack.Object, r *pack.Report) {
		if wait := o.At("metadata", "annotations", waitFor); wait.Text() == "" {
			r.Violated(o, wait, "is missing")
		}
	},
}
