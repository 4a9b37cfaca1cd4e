package network

import (
	"cmp"
	"slices"
	"strings"

	"platform/policy/pack"
)

const (
	calicoPolicyPage = "https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy"
	calicoHostsPage  = "https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts"
)

// ofCalico tells whether the object is one of Calico's, by its API or straight
// in its store.
func ofCalico(o pack.Object) bool {
	return strings.HasPrefix(o.APIVersion, "projectcalico.org/") || strings.HasPrefix(o.APIVersion, "crd.projectcalico.org/")
}

// calicoPolicies are Calico's of these kinds.
func calicoPolicies(s *pack.Stack, kinds ...string) []pack.Object {
	return slices.DeleteFunc(slices.Clone(s.Kinds(kinds...)), func(o pack.Object) bool { return !ofCalico(o) })
}

// early tells whether a policy acts before those that have a default deny:
// what matches none of its rules goes on.
func early(policy pack.Object) bool {
	return policy.At("spec", "preDNAT").True() || policy.At("spec", "doNotTrack").True()
}

// onHosts tells whether a policy is about the nodes' own ports, and not only
// about pods.
func onHosts(policy pack.Object) bool {
	namespaces, selector := policy.At("spec", "namespaceSelector").Text(), policy.At("spec", "selector").Text()
	ofPods := namespaces != "" && namespaces != "global()" || strings.Contains(selector, "projectcalico.org/namespace") ||
		strings.Contains(selector, "projectcalico.org/orchestrator") || strings.Contains(selector, "projectcalico.org/serviceaccount")
	return !ofPods
}

// calicoRestricts is restricts for a policy of Calico's.
func calicoRestricts(policy pack.Object, direction string) bool {
	types := policy.At("spec", "types")
	if !types.Set() {
		ingress, egress := len(policy.At("spec", "ingress").Items()) > 0, len(policy.At("spec", "egress").Items()) > 0
		return direction == "Ingress" && (ingress || !egress) || direction == "Egress" && egress
	}
	return pack.Some(types.Items(), func(one pack.Value) bool { return one.Is(direction) })
}

// hostPolicies are those about what nodes receive, in the order in which they
// act.
func hostPolicies(s *pack.Stack) []pack.Object {
	policies := slices.DeleteFunc(calicoPolicies(s, "GlobalNetworkPolicy"), func(o pack.Object) bool {
		return !onHosts(o) || !calicoRestricts(o, "Ingress")
	})
	slices.SortStableFunc(policies, func(a, b pack.Object) int {
		return cmp.Or(cmp.Compare(stage(a), stage(b)), cmp.Compare(order(a), order(b)))
	})
	return policies
}

func stage(policy pack.Object) int {
	switch {
	case policy.At("spec", "doNotTrack").True():
		return 0
	case policy.At("spec", "preDNAT").True():
		return 1
	}
	return 2
}

// last is after every order that anybody writes; Calico takes an absent one so.
const last = 1e18

func order(policy pack.Object) float64 {
	order := policy.At("spec", "order")
	if !order.Set() {
		return last
	}
	amount := order.Quantity()
	return amount.AsApproximateFloat64()
}

// names tells whether a rule of Calico's is about a TCP port; one that names
// none is about all.
func names(rule pack.Value, port string) bool {
	if protocol := rule.At("protocol").Port(); protocol != "" && !strings.EqualFold(protocol, "TCP") && protocol != "6" {
		return false
	}
	among := func(ports pack.Value) bool {
		return pack.Some(ports.Items(), func(one pack.Value) bool {
			from, to, isRange := strings.Cut(one.Port(), ":")
			return from == port || isRange && within(port, from, to)
		})
	}
	destination := rule.At("destination")
	if among(destination.At("notPorts")) {
		return false
	}
	ports := destination.At("ports")
	return len(ports.Items()) == 0 || among(ports)
}
