package limits

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/policy/pack"
)

var scratchFitsNode = pack.Rule{
	Name: "scratch-volume-is-small", Group: pack.Resources, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:     "files that nobody bounds fill the disk of the node, and the kubelet evicts whatever runs there",
	Remedy:     "set sizeLimit to what the program writes; put more into a claim",
	Reference:  managing,
	Kinds:      pack.PodKinds,
	Parameters: map[string]any{"most": "4Gi"},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		most := apiresource.MustParse(pack.Parameter[string](r, "most"))
		pack.Each(r, pod, pod.Spec.At("volumes").Items(), func(volume pack.Value) {
			if limit := volume.At("emptyDir", "sizeLimit"); limit.Set() {
				if amount := limit.Quantity(); amount.Cmp(most) > 0 {
					r.Violated(pod, limit, "is %s, more than %s", amount.String(), most.String())
				}
			}
		})
	},
}
