package reach

import (
	"fmt"
	"net/netip"
	"slices"

	"go4.org/netipx"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// direction is one that policies restrict, as seen from the pod.
type direction = networkingv1.PolicyType

const (
	ingress = networkingv1.PolicyTypeIngress
	egress  = networkingv1.PolicyTypeEgress
)

// networkPolicy is a NetworkPolicy whose selectors and networks are parsed.
type networkPolicy struct {
	name, namespace string
	pods            labels.Selector
	rules           map[direction][]rule // a direction that is not restricted is absent
}

// rule lets some peers through to some ports.
type rule struct {
	peers []peer // none means everybody
	ports []networkingv1.NetworkPolicyPort
}

// peer is either addresses or pods.
type peer struct {
	addresses  *netipx.IPSet
	namespaces labels.Selector // nil means the policy's own
	pods       labels.Selector
}

// parsePolicy reads a policy, with the API's defaults.
func parsePolicy(p networkingv1.NetworkPolicy) (networkPolicy, error) {
	parsed := networkPolicy{name: p.Name, namespace: p.Namespace, rules: map[direction][]rule{}}
	problem := func(err error) (networkPolicy, error) {
		return parsed, fmt.Errorf("NetworkPolicy %s/%s: %w; correct it", p.Namespace, p.Name, err)
	}
	var err error
	if parsed.pods, err = metav1.LabelSelectorAsSelector(&p.Spec.PodSelector); err != nil {
		return problem(err)
	}
	for _, restricted := range policyTypes(p.Spec) {
		parsed.rules[restricted] = []rule{}
	}
	if _, restricted := parsed.rules[ingress]; restricted {
		for _, r := range p.Spec.Ingress {
			one, err := parseRule(r.From, r.Ports)
			if err != nil {
				return problem(err)
			}
			parsed.rules[ingress] = append(parsed.rules[ingress], one)
		}
	}
	if _, restricted := parsed.rules[egress]; restricted {
		for _, r := range p.Spec.Egress {
			one, err := parseRule(r.To, r.Ports)
			if err != nil {
				return problem(err)
			}
			parsed.rules[egress] = append(parsed.rules[egress], one)
		}
	}
	return parsed, nil
}

// policyTypes are those of the policy. A policy that says nothing restricts
// what comes in, and what goes out where it has a rule about that.
func policyTypes(spec networkingv1.NetworkPolicySpec) []direction {
	switch {
	case len(spec.PolicyTypes) > 0:
		return spec.PolicyTypes
	case len(spec.Egress) > 0:
		return []direction{ingress, egress}
	}
	return []direction{ingress}
}

func parseRule(peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort) (rule, error) {
	one := rule{ports: ports}
	for _, p := range peers {
		parsed, err := parsePeer(p)
		if err != nil {
			return rule{}, err
		}
		one.peers = append(one.peers, parsed)
	}
	for _, port := range ports {
		if port.EndPort != nil && (port.Port == nil || port.Port.Type == intstr.String || *port.EndPort < port.Port.IntVal) {
			return rule{}, fmt.Errorf("endPort %d: needs a port with a number that is not above it", *port.EndPort)
		}
	}
	return one, nil
}

func parsePeer(p networkingv1.NetworkPolicyPeer) (peer, error) {
	if p.IPBlock != nil {
		addresses, err := blockOf(p.IPBlock.CIDR, p.IPBlock.Except...)
		return peer{addresses: addresses}, err
	}
	if p.PodSelector == nil && p.NamespaceSelector == nil {
		return peer{}, fmt.Errorf("a peer names neither addresses, nor pods, nor namespaces")
	}
	parsed := peer{pods: labels.Everything()}
	var err error
	if p.PodSelector != nil {
		if parsed.pods, err = metav1.LabelSelectorAsSelector(p.PodSelector); err != nil {
			return peer{}, err
		}
	}
	if p.NamespaceSelector != nil {
		if parsed.namespaces, err = metav1.LabelSelectorAsSelector(p.NamespaceSelector); err != nil {
			return peer{}, err
		}
	}
	return parsed, nil
}

// blockOf is the addresses of a network, less the exceptions.
func blockOf(cidr string, except ...string) (*netipx.IPSet, error) {
	var set netipx.IPSetBuilder
	prefix, err := netip.ParsePrefix(cidr)
	if err != nil {
		return nil, err
	}
	set.AddPrefix(prefix)
	for _, one := range except {
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, err
		}
		set.RemovePrefix(prefix)
	}
	return set.IPSet()
}

// selects reports whether the policy is about an endpoint.
func (p *networkPolicy) selects(e *Endpoint) bool {
	return e.Kind == Pod && e.Namespace == p.namespace && p.pods.Matches(labels.Set(e.Labels))
}

// allows are the ports of to that the policy, which is about one of the two
// ends, opens to the other.
func (p *networkPolicy) allows(d direction, other, to *Endpoint) Ports {
	var all Ports
	for _, r := range p.rules[d] {
		if len(r.peers) == 0 || slices.ContainsFunc(r.peers, func(one peer) bool { return one.matches(p.namespace, other) }) {
			all = all.Union(r.open(to))
		}
	}
	return all
}

func (p peer) matches(namespace string, e *Endpoint) bool {
	switch {
	case p.addresses != nil:
		return e.Addresses != nil && e.Addresses.Overlaps(p.addresses)
	case !e.selectable():
		return false
	case p.namespaces == nil && e.Namespace != namespace:
		return false
	case p.namespaces != nil && !p.namespaces.Matches(labels.Set(e.NamespaceLabels)):
		return false
	}
	return p.pods.Matches(labels.Set(e.Labels))
}

// open are the rule's ports; names mean those of the containers that are
// connected to.
func (r rule) open(to *Endpoint) Ports {
	if len(r.ports) == 0 {
		return AllPorts
	}
	var all Ports
	for _, port := range r.ports {
		protocol := corev1.ProtocolTCP
		if port.Protocol != nil {
			protocol = protocolOf(*port.Protocol)
		}
		switch {
		case port.Port == nil:
			all = append(all, Range{protocol, 1, lastPort})
		case port.Port.Type == intstr.String:
			all = append(all, to.named(port.Port.StrVal, protocol)...)
		case port.EndPort != nil:
			all = append(all, Range{protocol, int(port.Port.IntVal), int(*port.EndPort)})
		default:
			all = append(all, Range{protocol, int(port.Port.IntVal), int(port.Port.IntVal)})
		}
	}
	return merged(all)
}
