// Package services holds the rules about what Services lead to, and whom they
// let in.
package services

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// documentation is Kubernetes' page on Services.
const documentation = "https://kubernetes.io/docs/concepts/services-networking/service/"

// serving are the kinds whose pods run until they are told to stop.
var serving = []string{"DaemonSet", "Deployment", "Pod", "ReplicaSet", "StatefulSet"}

var selectsPods = pack.Rule{
	Name: "service-leads-to-pods", Group: pack.Services, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a Service whose selector means no pod refuses every connection, and nothing tells why",
	Remedy:    "select the labels of the workload's pod template, in its namespace",
	Reference: documentation + "#defining-a-service",
	Stack: func(s *pack.Stack, r *pack.Report) {
		pack.Each(r, nil, s.Kinds("Service"), func(service pack.Object) {
			at := service.At("spec", "selector")
			if len(at.Keys()) > 0 && !pack.Some(s.Kinds(serving...), service.Leads) {
				r.Violated(service, at, "means no pods of its namespace")
			}
		})
	},
}
