package metadata

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var podLabels = pack.Rule{
	Name: "pod-template-has-standard-labels", Group: pack.Metadata, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "pods have the labels of their template alone: without them policies, metrics and logs cannot tell whose they are",
	Remedy:    "give the template the labels of its workload",
	Reference: labelsPage,
	Kinds:     []string{"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"},
	Object: func(o pack.Object, r *pack.Report) {
		template := o.At("spec", "template")
		if o.Kind == "CronJob" {
			template = o.At("spec", "jobTemplate", "spec", "template")
		}
		lacks(r, o, template.At("metadata", "labels"), r.List("labels"))
	},
	Parameters: map[string]any{"labels": ofObjects},
}
