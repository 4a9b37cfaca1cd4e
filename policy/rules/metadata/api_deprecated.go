package metadata

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var apiDeprecated = pack.Rule{
	Name: "api-is-not-deprecated", Group: pack.Metadata, Level: apitype.Advisory, Severity: apitype.PolicySeverityLow,
	Reason:    "a version that is deprecated is one that a later upgrade of the cluster takes away",
	Remedy:    "move the object to the version that stays",
	Reference: deprecationGuide,
	Object: func(o pack.Object, r *pack.Report) {
		life, listed := lifecycleOf(o)
		if !listed || life.deprecated > minor(r) || life.removed > 0 && life.removed <= minor(r) {
			return
		}
		end := "will not be developed"
		if life.removed > 0 {
			end = fmt.Sprintf("is to be removed in Kubernetes 1.%d", life.removed)
		}
		r.Violated(o, pack.Value{}, "%s %s; use %s", o.APIVersion, end, life.instead)
	},
	Parameters: map[string]any{"minor": target},
}
