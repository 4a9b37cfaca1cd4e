package availability

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var selectorFrozen = pack.Rule{
	Name: "selector-holds-no-version", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a selector cannot be changed, so a label that goes with the version has the workload deleted and made anew, with an outage",
	Remedy:    "select by labels that never change, such as app",
	Reference: selectors,
	Parameters: map[string]any{"changing-labels": []any{
		"app.kubernetes.io/version", "version", "image", "tag", "helm.sh/chart", "chart", "revision", "platform/revision", "release", "commit", "build",
	}},
	Kinds: selecting,
	Object: func(o pack.Object, r *pack.Report) {
		changing := r.List("changing-labels")
		labels := o.At("spec", "selector", "matchLabels")
		for _, key := range labels.Keys() {
			if slices.Contains(changing, key) {
				r.Violated(o, labels.At(key), "changes with the version")
			}
		}
		pack.Each(r, o, o.At("spec", "selector", "matchExpressions").Items(), func(term pack.Value) {
			if slices.Contains(changing, term.At("key").Text()) {
				r.Violated(o, term.At("key"), "is %q, which changes with the version", term.At("key").Text())
			}
		})
	},
}
