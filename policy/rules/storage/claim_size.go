package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	apiresource "k8s.io/apimachinery/pkg/api/resource"

	"platform/policy/pack"
)

var claimSize = pack.Rule{
	Name: "claim-has-a-bounded-size", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "without a size the claim is refused, and one of a slip in the unit takes all that the storage has",
	Remedy:     "set resources.requests.storage to no more than the rule's parameter",
	Reference:  "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#resources",
	Kinds:      []string{"PersistentVolumeClaim"},
	Parameters: map[string]any{"most": "1Ti"},
	Object: func(o pack.Object, r *pack.Report) {
		at, most := o.At("spec", "resources", "requests", "storage"), apiresource.MustParse(pack.Parameter[string](r, "most"))
		switch size := at.Quantity(); {
		case size.Sign() <= 0:
			r.Violated(o, at, "is no size")
		case size.Cmp(most) > 0:
			r.Violated(o, at, "is %s, more than %s", size.String(), most.String())
		}
	},
}
