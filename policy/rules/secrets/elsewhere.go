package secrets

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/secret"
)

// elsewhere judges what the rules for single places do not, such as custom
// resources: there a name tells little, and forms alone count. What is not
// known is passed over: any value may be so, and none of them is one that
// somebody wrote.
var elsewhere = pack.Rule{
	Name: "object-holds-no-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "only Secrets are encrypted at rest and guarded by rights of their own",
	Remedy:    "have the object refer to a Secret, as its kind allows",
	Reference: goodPractices,
	Object: func(o pack.Object, r *pack.Report) {
		if o.Kind == "" || slices.Contains(judgedElsewhere, o.Kind) {
			return
		}
		for _, leaf := range o.At("spec").Leaves() {
			switch {
			case leaf.Secret():
				r.Violated(o, leaf, readByAll)
			case leaf.IsText():
				if what := secret.FormOf(leaf.Text()); what != "" {
					r.Violated(o, leaf, "looks like %s", what)
				}
			}
		}
	},
}

// judgedElsewhere are the kinds that have rules of their own, or may hold
// secrets.
var judgedElsewhere = append([]string{"ConfigMap", "Secret"}, pack.PodKinds...)
