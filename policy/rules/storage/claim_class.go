package storage

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var claimClass = pack.Rule{
	Name: "claim-names-its-class", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:     "an unnamed class is whatever the cluster's default is that day, and a claim's class can never be changed",
	Remedy:     "set storageClassName to a class of the rule's parameter",
	Reference:  "the platform's description: Storage Classes, Persistent Storage",
	Parameters: map[string]any{"classes": []any{"rcp-nas", "local-path"}},
	Kinds:      []string{"PersistentVolumeClaim", "StatefulSet"},
	Object: func(o pack.Object, r *pack.Report) {
		specs := []pack.Value{o.At("spec")}
		if o.Kind == "StatefulSet" {
			specs = nil
			for _, template := range o.At("spec", "volumeClaimTemplates").Items() {
				specs = append(specs, template.At("spec"))
			}
		}
		pack.Each(r, o, specs, func(spec pack.Value) {
			at := spec.At("storageClassName")
			switch class := at.Text(); {
			case class == "" && at.Set() && spec.At("volumeName").Text() != "": // a volume that somebody made by hand
			case class == "":
				r.Violated(o, at, "is not set")
			case !slices.Contains(r.List("classes"), class):
				r.Violated(o, at, "is %s, which the platform does not have", class)
			}
		})
	},
}
