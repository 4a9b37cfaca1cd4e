package podsecurity

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

var sysctls = pack.Rule{
	Name: "pod-sets-safe-sysctls", Group: pack.PodSecurity, Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
	Reason:    "a setting of the kernel that is not the pod's own changes every pod of the node, and the kubelet refuses it",
	Remedy:    "leave the setting out, or use one that Kubernetes calls safe",
	Reference: baseline,
	Kinds:     pack.PodKinds,
	// Those of Pod Security since Kubernetes 1.32.
	Parameters: map[string]any{"safe": []any{
		"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
		"net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
		"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
	}},
	Object: func(o pack.Object, r *pack.Report) {
		pod, _ := o.Pod()
		pack.Each(r, pod, pod.Spec.At("securityContext", "sysctls").Items(), func(one pack.Value) {
			if name := one.At("name"); !name.Is(r.List("safe")...) {
				r.Violated(pod, name, "sets %s, which is not the pod's own", name.Text())
			}
		})
	},
}
