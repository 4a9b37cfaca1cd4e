package mutation

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

const groupCalico = "Calico"

var calicoKinds = []string{"GlobalNetworkPolicy", "GlobalNetworkSet", "HostEndpoint"}

var calico = []Operator{
	{Group: groupCalico, Name: "the policy", Kinds: calicoKinds},
	{Group: groupCalico, Name: "order", Kinds: calicoKinds, At: "spec order", Do: []Change{removed, set(100000)}},
	{Group: groupCalico, Name: "selector", Kinds: calicoKinds, At: "spec selector", Do: []Change{set("role == 'nobody'"), set("has(projectcalico.org/namespace)")}},
	{Group: groupCalico, Name: "namespaceSelector", Kinds: calicoKinds, At: "spec namespaceSelector", Do: []Change{set("all()")}},
	{Group: groupCalico, Name: "types", Kinds: calicoKinds, At: "spec types", Do: []Change{set([]any{"Egress"}), set([]any{"Ingress", "Egress"})}},
	{Group: groupCalico, Name: "preDNAT", Kinds: calicoKinds, At: "spec preDNAT", Do: []Change{removed, set(false)}},
	{Group: groupCalico, Name: "applyOnForward", Kinds: calicoKinds, At: "spec applyOnForward", Do: []Change{removed, set(false)}},
	{Group: groupCalico, Name: "doNotTrack", Kinds: calicoKinds, At: "spec doNotTrack", Do: []Change{set(true)}},
	{Group: groupCalico, Name: "rules", Kinds: calicoKinds, At: "spec ingress|egress", Do: []Change{appended("one for all", map[string]any{"action": "Allow"})}},
	{Group: groupCalico, Name: "rules", Kinds: calicoKinds, At: "spec ingress", Do: []Change{removed}},
	{Group: groupCalico, Name: "rule", Kinds: calicoKinds, At: "spec ingress|egress *", Do: []Change{removed}},
	{Group: groupCalico, Name: "action", Kinds: calicoKinds, At: "spec ingress|egress * action", Do: []Change{{"flipped", func(s Site) (resource.PropertyValue, bool) {
		if s.Old.IsString() && s.Old.StringValue() == "Allow" {
			return resource.NewStringProperty("Deny"), true
		}
		return resource.NewStringProperty("Allow"), true
	}}}},
	{Group: groupCalico, Name: "protocol", Kinds: calicoKinds, At: "spec ingress|egress * protocol", Do: []Change{removed, set("UDP")}},
	{Group: groupCalico, Name: "nets", Kinds: calicoKinds, At: "spec ingress|egress * source|destination nets", Do: []Change{removed, replaced([]any{"0.0.0.0/0"})}},
	{Group: groupCalico, Name: "destination", Kinds: calicoKinds, At: "spec ingress|egress * destination", Do: []Change{removed}},
	{Group: groupCalico, Name: "ports", Kinds: calicoKinds, At: "spec ingress|egress * source|destination ports", Do: []Change{removed, appended("a NodePort", 30000)}},
	{Group: groupCalico, Name: "port", Kinds: calicoKinds, At: "spec ingress|egress * source|destination ports *", Do: []Change{other}},
	{Group: groupCalico, Name: "port", Kinds: calicoKinds, At: "spec ingress|egress * source|destination ports *", Where: guarded, Do: []Change{removed}},
}

// failsafe are the ports of the rules that Calico keeps open whatever a policy
// says: one that leaves them out changes nothing.
var failsafe = []float64{22, 179, 2379, 2380, 5473, 6443, 6666, 6667}

func guarded(s Site) bool {
	return !s.Old.IsNumber() || !slices.Contains(failsafe, s.Old.NumberValue())
}
