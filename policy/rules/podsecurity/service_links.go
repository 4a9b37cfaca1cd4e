package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var serviceLinks = pack.Rule{
	Name: "pod-takes-no-service-links", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityLow,
	Reason:    "the addresses of all Services of the namespace stand in the environment of whoever breaks into the pod, and may replace variables that it reads",
	Remedy:    "set enableServiceLinks to false; names are found by DNS",
	Reference: "https://kubernetes.io/docs/tutorials/services/connect-applications-service/#accessing-the-service",
	Kinds:     pack.PodKinds,
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		if setting := pod.Spec.At("enableServiceLinks"); !setting.False() {
			r.Violated(pod, setting, "is not false")
		}
	},
}
