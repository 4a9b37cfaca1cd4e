package availability

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var volumeTakesOnePod = pack.Rule{
	Name: "volume-for-one-pod-has-one", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the successor waits on another node for a volume that its predecessor holds, or both write to it on the same one",
	Remedy:    "set strategy.type to Recreate and replicas to 1, or let a StatefulSet make a claim for each pod",
	Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds(kept...), func(o pack.Object) {
			claim, mounted := pack.First(s.Kinds("PersistentVolumeClaim"), func(claim pack.Object) bool { return exclusive(claim) && mounts(o, claim) })
			if !mounted {
				return
			}
			if count, at := fewest(s, o); count > 1 {
				r.Violated(o, at, "is %d, and %s takes one node's pods at a time", count, claim)
			}
			if strategy := o.At("spec", "strategy", "type"); o.Kind == "Deployment" && !strategy.Is("Recreate") {
				r.Violated(o, strategy, "is not Recreate, and %s takes one node's pods at a time", claim)
			}
		})
	},
}

// exclusive tells whether no access mode of a claim lets several nodes write.
func exclusive(claim pack.Object) bool {
	return !slices.ContainsFunc(claim.At("spec", "accessModes").Texts(), func(mode string) bool {
		return mode == "ReadWriteMany" || mode == "ReadOnlyMany"
	})
}

func mounts(o, claim pack.Object) bool {
	pod, _ := o.Pod()
	return o.Beside(claim) && pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		name := volume.At("persistentVolumeClaim", "claimName").Text()
		return name != "" && claim.Called(name)
	})
}
