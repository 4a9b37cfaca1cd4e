package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var templatesRetained = pack.Rule{
	Name: "stateful-set-keeps-its-claims", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "the claims, and with them the data, go with the StatefulSet or with the pods that scaling down takes",
	Remedy:    "set persistentVolumeClaimRetentionPolicy to whenDeleted: Retain, whenScaled: Retain",
	Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
	Kinds:     []string{"StatefulSet"},
	Object: func(o pack.Object, r *pack.Report) {
		if templates := o.At("spec", "volumeClaimTemplates"); templates.Known() && len(templates.Items()) == 0 {
			return
		}
		policy := o.At("spec", "persistentVolumeClaimRetentionPolicy")
		pack.Each(r, o, []string{"whenDeleted", "whenScaled"}, func(when string) {
			if at := policy.At(when); !at.Is("Retain") {
				r.Violated(o, at, "is not Retain")
			}
		})
	},
}
