package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var claimExists = pack.Rule{
	Name: "mounted-claim-exists", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a pod waits for ever for a claim that is not there, and claims outside the program are protected by nothing",
	Remedy:    "add the PersistentVolumeClaim to the namespace, or correct claimName",
	Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(pack.PodKinds...), func(o pack.Object) {
			pod, _ := o.Pod()
			pack.Each(r, o, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
				source := volume.At("persistentVolumeClaim")
				if !source.Set() {
					return
				}
				at := source.At("claimName")
				name := at.Text()
				if !pack.Some(s.Kinds("PersistentVolumeClaim"), func(claim pack.Object) bool { return claim.Called(name) && claim.Beside(o) }) {
					r.Violated(o, at, "is %q, a claim that the namespace does not have", name)
				}
			})
		})
	},
}
