package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var setKeeps = pack.Rule{
	Name: "stateful-set-deletes-no-claims", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "a retention of Delete is one line away from the data of all replicas: the next template of a claim has it",
	Remedy:    "set whenDeleted and whenScaled to Retain, or leave the policy out",
	Reference: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention",
	Kinds:     []string{"StatefulSet"},
	Object: func(o pack.Object, r *pack.Report) {
		policy := o.At("spec", "persistentVolumeClaimRetentionPolicy")
		pack.Each(r, o, []string{"whenDeleted", "whenScaled"}, func(when string) {
			if at := policy.At(when); !at.Is("", "Retain") {
				r.Violated(o, at, "is %s", at.Text())
			}
		})
	},
}
