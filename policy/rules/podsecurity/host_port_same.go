package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostPortSame = pack.Rule{
	Name: "host-port-is-the-containers", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
	Reason:    "on the network of the node the two are one, and the API server refuses the pod in the middle of a deployment",
	Remedy:    "set hostPort to containerPort",
	Reference: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports",
	Kinds:     pack.PodKinds,
	Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
		if !c.Pod.Spec.At("hostNetwork").True() {
			return
		}
		pack.Each(r, c, c.At("ports").Items(), func(port pack.Value) {
			if at := port.At("hostPort"); at.Set() && at.Int() != port.At("containerPort").Int() {
				r.Violated(c, at, "is %d, and the container's port is %d", at.Int(), port.At("containerPort").Int())
			}
		})
	}),
}
