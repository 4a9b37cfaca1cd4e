package storage

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var claimVolume = pack.Rule{
	Name: "claim-leaves-its-volume-to-the-class", Group: pack.Storage, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "a claim that names its volume takes one that belonged to another, with the data that are on it",
	Remedy:    "leave out volumeName",
	Reference: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume",
	Kinds:     []string{"PersistentVolumeClaim"},
	Object: func(o pack.Object, r *pack.Report) {
		class := o.At("spec", "storageClassName")
		if at := o.At("spec", "volumeName"); at.Text() != "" && class.Text() != "" {
			r.Violated(o, at, "is %s", at.Text())
		}
	},
}
