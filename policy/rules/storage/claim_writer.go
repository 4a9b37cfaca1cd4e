package storage

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var claimWriter = pack.Rule{
	Name: "claim-has-one-writer", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:     "a database of which two pods on two nodes write the files destroys them",
	Remedy:     "set accessModes to ReadWriteOnce or ReadWriteOncePod",
	Reference:  "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
	Kinds:      []string{"PersistentVolumeClaim"},
	Parameters: map[string]any{"modes": []any{"ReadWriteOnce", "ReadWriteOncePod"}},
	Object: func(o pack.Object, r *pack.Report) {
		modes := o.At("spec", "accessModes")
		if len(modes.Items()) == 0 {
			r.Violated(o, modes, "names no mode")
		}
		pack.Each(r, o, modes.Items(), func(mode pack.Value) {
			if !slices.Contains(r.List("modes"), mode.Text()) {
				r.Violated(o, mode, "is %s", mode.Text())
			}
		})
	},
}
