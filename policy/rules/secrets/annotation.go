package secrets

import (
	"path"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var annotation = pack.Rule{
	Name: "metadata-holds-no-secret", Group: pack.Secrets, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "labels and annotations are shown by every list, copied by controllers and sent to the monitoring",
	Remedy:    useASecret,
	Reference: goodPractices,
	Object: func(o pack.Object, r *pack.Report) {
		pack.Each(r, o, []pack.Value{o.At("metadata"), template(o)}, func(metadata pack.Value) {
			for _, field := range []string{"annotations", "labels"} {
				pack.Each(r, o, metadata.At(field).Keys(), func(key string) {
					inClear(r, o, path.Base(key), metadata.At(field, key))
				})
			}
		})
	},
}

// template is the metadata of the object's pods, where these are not its own.
// Unlike [pack.Object.Pod] it needs no labels.
func template(o pack.Object) pack.Value {
	switch o.Kind {
	case "CronJob":
		return o.At("spec", "jobTemplate", "spec", "template", "metadata")
	case "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet":
		return o.At("spec", "template", "metadata")
	}
	return pack.Value{}
}
