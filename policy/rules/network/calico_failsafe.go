package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
)

// failsafeFields are those of the ports, by the rule's parameter for them.
var failsafeFields = map[string]string{"inbound": "failsafeInboundHostPorts", "outbound": "failsafeOutboundHostPorts"}

var calicoFailsafe = pack.Rule{
	Name: "calico-keeps-its-failsafe-ports", Group: pack.Network, Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
	Reason:    "without the failsafe ports one policy too many shuts operators and the API server out of every node at once",
	Remedy:    "leave failsafeInboundHostPorts and failsafeOutboundHostPorts out, or list these ports there",
	Reference: "https://docs.tigera.io/calico/latest/reference/host-endpoints/failsafe",
	Kinds:     []string{"FelixConfiguration"},
	Object: func(o pack.Object, r *pack.Report) {
		for _, direction := range []string{"inbound", "outbound"} {
			kept := o.At("spec", failsafeFields[direction])
			if !kept.Set() { // Calico's own list, which has them
				continue
			}
			pack.Each(r, o, r.List(direction), func(port string) {
				if !pack.Some(kept.Items(), func(one pack.Value) bool { return one.At("port").Port() == port && one.Protocol() == "TCP" }) {
					r.Violated(o, kept, "lacks TCP port %s", port)
				}
			})
		}
	},
	// SSH, etcd's two and the API server's; nodes reach the latter three of each
	// other.
	Parameters: map[string]any{
		"inbound":  []any{"22", "2379", "2380", "6443"},
		"outbound": []any{"2379", "2380", "6443"},
	},
}
