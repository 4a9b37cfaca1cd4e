package access

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// insides lead into containers. A GET suffices for nodes/proxy, and for the
// others where the connection is a WebSocket.
var insides = []string{"nodes/proxy", "pods/attach", "pods/ephemeralcontainers", "pods/exec", "pods/portforward", "pods/proxy"}

var noExecution = pack.Rule{
	Name: "role-cannot-enter-pods", Group: pack.Access, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "who enters a pod has its secrets and its rights; by nodes/proxy, of every pod of the node, past the audit log",
	Remedy:    "remove the resource; read metrics from metrics.k8s.io or nodes/metrics, and logs from pods/log",
	Reference: goodPractices + "#access-to-proxy-subresource-of-nodes",
	Kinds:     roleKinds,
	Object: eachGrant(func(o pack.Object, grant pack.Value, r *pack.Report) {
		if inside, can := allows(grant, "", insides, slices.Concat(reads, writes)); can {
			r.Violated(o, inside, "is %s", inside.Text())
		}
	}),
}
