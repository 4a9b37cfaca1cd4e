package objects

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/pack"
	"platform/policy/reach/calico"
)

const calicoGroup = "projectcalico.org"

// unchecked reports whether a kind restricts who reaches whom in a way that this
// package does not know.
func unchecked(group, kind string) bool {
	switch group {
	case calicoGroup:
		return slices.Contains([]string{"Tier", "GlobalNetworkSet", "NetworkSet", "HostEndpoint"}, kind)
	case "policy.networking.k8s.io":
		return true
	case "cilium.io":
		return slices.Contains([]string{"CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"}, kind)
	}
	return false
}

func uncheckedError(o pack.Object) error {
	return fmt.Errorf("%s: what %s decides is not checked, so that nobody can tell who reaches whom; say it with a NetworkPolicy or a GlobalNetworkPolicy", o, o.APIVersion)
}

func calicoOf(o pack.Object) calico.Policy {
	spec := o.At("spec")
	one := calico.Policy{Name: o.Name(), Spec: calico.Spec{
		Tier: spec.At("tier").Text(), Selector: spec.At("selector").Text(), NamespaceSelector: spec.At("namespaceSelector").Text(),
		Types: spec.At("types").Texts(), DoNotTrack: spec.At("doNotTrack").True(), PreDNAT: spec.At("preDNAT").True(),
		ApplyOnForward: spec.At("applyOnForward").True(), Ingress: calicoRules(spec.At("ingress")), Egress: calicoRules(spec.At("egress")),
	}}
	if o.Kind == "NetworkPolicy" {
		one.Namespace = namespaceOf(o)
	}
	if order := spec.At("order"); order.Set() {
		one.Spec.Order = new(number(order))
	}
	return one
}

// number is an order, which may have decimals.
func number(value pack.Value) float64 {
	quantity := value.Quantity()
	return quantity.AsApproximateFloat64()
}

// checked are the parts of rules and of their ends that are checked.
var (
	checkedRule   = []string{"action", "protocol", "notProtocol", "ipVersion", "source", "destination", "metadata"}
	checkedEntity = []string{"nets", "notNets", "selector", "notSelector", "namespaceSelector", "ports", "notPorts"}
)

func calicoRules(list pack.Value) []calico.Rule {
	var all []calico.Rule
	for _, item := range list.Items() {
		one := calico.Rule{Action: item.At("action").Text(), IPVersion: item.At("ipVersion").Int()}
		one.Protocol, one.NotProtocol = protocol(item.At("protocol")), protocol(item.At("notProtocol"))
		one.Source, one.Destination = entity(item.At("source")), entity(item.At("destination"))
		one.Narrowed = further(item, checkedRule) || further(item.At("source"), checkedEntity) || further(item.At("destination"), checkedEntity)
		all = append(all, one)
	}
	return all
}

func further(value pack.Value, checked []string) bool {
	return slices.ContainsFunc(value.Keys(), func(key string) bool { return !slices.Contains(checked, key) })
}

func protocol(value pack.Value) *intstr.IntOrString {
	if !value.Set() {
		return nil
	}
	return new(intstr.Parse(value.Port()))
}

func entity(value pack.Value) calico.Entity {
	return calico.Entity{
		Nets: value.At("nets").Texts(), NotNets: value.At("notNets").Texts(),
		Selector: value.At("selector").Text(), NotSelector: value.At("notSelector").Text(), NamespaceSelector: value.At("namespaceSelector").Text(),
		Ports: calicoPorts(value.At("ports")), NotPorts: calicoPorts(value.At("notPorts")),
	}
}

func calicoPorts(list pack.Value) []intstr.IntOrString {
	var all []intstr.IntOrString
	for _, item := range list.Items() {
		all = append(all, intstr.Parse(item.Port()))
	}
	return all
}
