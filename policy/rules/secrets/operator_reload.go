package secrets

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// autoReload has the operator roll a workload after it has changed a Secret.
const autoReload = "secrets.infisical.com/auto-reload"

// operatorReload passes over what holds data: the operator would restart a
// database's primary and replica at once, so these are rolled by hand.
var operatorReload = pack.Rule{
	Name: "operated-secret-reloads-its-readers", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "pods read a changed Secret at their next start, which without a trigger is at some outage",
	Remedy:    "set the annotation secrets.infisical.com/auto-reload to true on the workload",
	Reference: operatorPage,
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("DaemonSet", "Deployment", "StatefulSet"), func(o pack.Object) {
			pod, _ := o.Pod()
			reload := o.At("metadata", "annotations", autoReload)
			if reload.Is("true") || holdsData(o, pod) {
				return
			}
			if ref, reads := pack.First(references(pod), func(ref reference) bool {
				_, writes := operated(s, o.At("metadata", "namespace").Text(), ref.name.Text())
				return ref.kind == "Secret" && !ref.pull && writes
			}); reads {
				r.Violated(o, reload, "is not true, and the operator writes %s", ref.name.Text())
			}
		})
	},
}

// holdsData tells whether the pods of a workload keep something on volumes.
func holdsData(o pack.Object, pod pack.Pod) bool {
	return len(o.At("spec", "volumeClaimTemplates").Items()) > 0 || pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		return volume.At("persistentVolumeClaim").Set()
	})
}
