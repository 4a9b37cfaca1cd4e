package mutation

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"platform/policy/pack"
)

const groupNetwork = "network policies"

var policies = []string{"NetworkPolicy"}

var networkPolicies = []Operator{
	{Group: groupNetwork, Name: "the policy", Kinds: policies},
	{Group: groupNetwork, Name: "podSelector", Kinds: policies, At: "spec podSelector", Do: []Change{set(map[string]any{"matchLabels": map[string]any{"app": "nobody"}})}},
	{Group: groupNetwork, Name: "podSelector", Kinds: policies, At: "spec podSelector", Where: selective, Do: []Change{set(map[string]any{})}},
	{Group: groupNetwork, Name: "label of podSelector", Kinds: policies, At: "spec podSelector matchLabels *", Do: []Change{set("nobody")}},
	{Group: groupNetwork, Name: "policyTypes", Kinds: policies, At: "spec policyTypes *", Do: []Change{removed}},
	{Group: groupNetwork, Name: "policyTypes", Kinds: policies, At: "spec policyTypes", Where: typed, Do: []Change{removed}},
	{Group: groupNetwork, Name: "rules", Kinds: policies, At: "spec ingress|egress", Do: []Change{removed, appended("one for all", map[string]any{})}},
	{Group: groupNetwork, Name: "rule", Kinds: policies, At: "spec ingress *", Where: needed, Do: []Change{removed}},
	{Group: groupNetwork, Name: "peers", Kinds: policies, At: "spec ingress * from", Where: closed, Do: []Change{removed, emptied}},
	{Group: groupNetwork, Name: "peers", Kinds: policies, At: "spec egress * to", Do: []Change{removed, emptied}},
	{Group: groupNetwork, Name: "peers", Kinds: policies, At: "spec ingress * from", Where: closed, Do: []Change{appended("all addresses", everywhere), appended("all pods", everyone)}},
	{Group: groupNetwork, Name: "peers", Kinds: policies, At: "spec egress * to", Do: []Change{appended("all addresses", everywhere), appended("all pods", everyone)}},
	{Group: groupNetwork, Name: "namespaceSelector", Kinds: policies, At: "spec ingress|egress * from|to * namespaceSelector", Do: []Change{removed, emptied, replaced(map[string]any{})}},
	{Group: groupNetwork, Name: "label of namespaceSelector", Kinds: policies, At: "spec ingress|egress * from|to * namespaceSelector matchLabels *", Do: []Change{set("nobody"), removed}},
	{Group: groupNetwork, Name: "podSelector of a peer", Kinds: policies, At: "spec ingress|egress * from|to * podSelector", Where: besideNamespaces, Do: []Change{removed}},
	{Group: groupNetwork, Name: "podSelector of a peer", Kinds: policies, At: "spec ingress|egress * from|to * podSelector", Do: []Change{replaced(map[string]any{"matchLabels": map[string]any{"app": "nobody"}})}},
	{Group: groupNetwork, Name: "podSelector of a peer", Kinds: policies, At: "spec ingress|egress * from|to * podSelector matchLabels", Do: []Change{emptied}},
	{Group: groupNetwork, Name: "label of a peer", Kinds: policies, At: "spec ingress|egress * from|to * podSelector matchLabels *", Do: []Change{set("nobody")}},
	{Group: groupNetwork, Name: "cidr", Kinds: policies, At: "spec ingress|egress * from|to * ipBlock cidr", Do: []Change{set("0.0.0.0/0")}},
	{Group: groupNetwork, Name: "cidr of who comes in", Kinds: policies, At: "spec ingress * from * ipBlock cidr", Do: []Change{set("192.0.2.0/24")}},
	{Group: groupNetwork, Name: "except", Kinds: policies, At: "spec ingress|egress * from|to * ipBlock except", Do: []Change{removed}},
	{Group: groupNetwork, Name: "except", Kinds: policies, At: "spec ingress|egress * from|to * ipBlock except *", Do: []Change{removed}},
	{Group: groupNetwork, Name: "ports", Kinds: policies, At: "spec ingress|egress * ports", Do: []Change{removed, emptied, appended("another", map[string]any{"protocol": "TCP", "port": 22})}},
	{Group: groupNetwork, Name: "port", Kinds: policies, At: "spec ingress|egress * ports * port", Do: []Change{other, removed}},
	{Group: groupNetwork, Name: "endPort", Kinds: policies, At: "spec ingress|egress * ports * endPort", Do: []Change{set(65535)}},
	{Group: groupNetwork, Name: "protocol", Kinds: policies, At: "spec ingress|egress * ports * protocol", Do: []Change{replaced("SCTP")}},
	{Group: groupNetwork, Name: "namespace of a policy", Kinds: policies, At: "metadata namespace", Do: []Change{set("default")}},
	{Group: groupNetwork, Name: "labels of the pod", Kinds: pack.PodKinds, At: "pod metadata labels app", Do: []Change{set("nobody"), removed}},
}

var (
	everywhere = map[string]any{"ipBlock": map[string]any{"cidr": "0.0.0.0/0"}}
	everyone   = map[string]any{"namespaceSelector": map[string]any{}}
)

// selective leaves out the policies that are for all pods already.
func selective(s Site) bool { return !s.Object.At("spec", "podSelector").Selector().Empty() }

// typed leaves out the policies whose rules say of which types they are: those
// that the API server fills in.
func typed(s Site) bool {
	rules := func(key string) bool { return len(s.Object.At("spec", key).Items()) > 0 }
	has := func(one string) bool {
		for _, given := range s.Object.At("spec", "policyTypes").Texts() {
			if given == one {
				return true
			}
		}
		return false
	}
	return !has("Ingress") || has("Egress") != rules("egress")
}

// needed leaves out the only rule of a policy, which is removed with the list,
// and one for the pods of the namespace where another lets in the network of
// all pods. Rules for what goes out are not removed: less would go out.
func needed(s Site) bool {
	parent := s.Path[:len(s.Path)-1].in(s.whole())
	if labels := (path{"from", 0, "podSelector", "matchLabels"}).in(s.Old); labels.IsObject() && len(labels.ObjectValue()) == 0 {
		return false
	}
	return len(parent.ArrayValue()) > 1
}

// closed leaves out a rule that is open to all addresses, pods' among them.
func closed(s Site) bool {
	if !s.Old.IsArray() {
		return true
	}
	return !slices.ContainsFunc(s.Old.ArrayValue(), func(peer resource.PropertyValue) bool {
		return path{"ipBlock", "cidr"}.in(peer).DeepEquals(resource.NewStringProperty("0.0.0.0/0")) && path{"ipBlock", "except"}.in(peer).IsNull()
	})
}

func besideNamespaces(s Site) bool {
	selector := s.beside("namespaceSelector")
	return !selector.IsNull()
}
