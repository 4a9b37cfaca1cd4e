package metadata

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var podAsWorkload = pack.Rule{
	Name: "pod-has-the-labels-of-its-workload", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "policies, budgets and monitors select pods by what their workload is called: one with other labels escapes them",
	Remedy:    "give the template each label of the workload",
	Reference: labelsPage,
	Kinds:     []string{"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		own, template := o.At("metadata", "labels"), pod.Metadata.At("labels")
		pack.Each(r, o, own.Keys(), func(key string) {
			if label := template.At(key); own.At(key).Text() != label.Text() {
				r.Violated(o, label, "is not that of the workload, %s", own.At(key).Text())
			}
		})
	},
}
