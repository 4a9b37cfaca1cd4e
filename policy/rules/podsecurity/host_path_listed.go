package podsecurity

import (
	"path"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPathListed = pack.Rule{
	Name: "host-path-is-of-the-data", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "an exception for one folder of the node is none for those beside it",
	Remedy:    "mount a folder below those of the rule's parameter, or add to them after somebody has looked at what lies there",
	Reference: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
	Kinds:     append([]string{persistentVolume}, pack.PodKinds...),
	// The distributed file system of the platform's description.
	Parameters: map[string]any{"folders": []any{"/data/gfs"}},
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, volumes(o), func(volume pack.Value) {
			at := volume.At("hostPath", "path")
			if at.Set() && !slices.ContainsFunc(r.List("folders"), func(one string) bool { return within(path.Clean(at.Text()), one) }) {
				r.Violated(o, at, "is %s, which is not listed", at.Text())
			}
		})
	},
}
