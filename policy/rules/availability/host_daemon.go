package availability

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var hostDaemon = pack.Rule{
	Name: "daemon-on-node-ports-has-no-surge", Group: pack.Availability, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "the successor cannot start on a node whose ports its predecessor holds, so an update never gets on",
	Remedy:    "set updateStrategy.rollingUpdate.maxSurge to 0 and maxUnavailable to 1",
	Reference: "https://github.com/kubernetes/kubernetes/issues/106417",
	Kinds:     []string{"DaemonSet"},
	Object: func(o pack.Object, r *pack.Report) {
		surge := o.At("spec", "updateStrategy", "rollingUpdate", "maxSurge")
		if count := surge.Port(); count == "" || count == "0" || count == "0%" {
			return
		}
		pod, _ := o.Pod()
		if pod.Spec.At("hostNetwork").True() || pack.Some(pod.Containers(), takesNodePort) {
			r.Violated(o, surge, "is %s for pods that take ports of their node", surge.Port())
		}
	},
}

func takesNodePort(c pack.Container) bool {
	return pack.Some(c.At("ports").Items(), func(port pack.Value) bool { return port.At("hostPort").Int() > 0 })
}
