// Package cyclonus compares the evaluator of reachability with that of
// cyclonus, which knows what NetworkPolicies mean and shares no code with it.
// It is a module of its own: what cyclonus brings is no part of the platform.
package cyclonus

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"go4.org/netipx"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/reach"
)

// set is pods in namespaces, addresses outside, and policies.
type set struct {
	pods     []*reach.Endpoint
	outside  []*reach.Endpoint
	policies []networkingv1.NetworkPolicy
}

// random makes sets. The same seed gives the same ones.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 20))} }

// chance is true in one of n cases.
func (r random) chance(n int) bool { return r.IntN(n) == 0 }

func pick[T any](r random, from []T) T { return from[r.IntN(len(from))] }

// some are up to most of what make makes, at least least.
func some[T any](r random, least, most int, make func() T) []T {
	var all []T
	for range least + r.IntN(most-least+1) {
		all = append(all, make())
	}
	return all
}

// What sets are made of. Few values make many matches.
var (
	namespaces = []string{"x", "y", "z"}
	teams      = map[string]string{"x": "red", "y": "blue", "z": "red"}
	keys       = []string{"app", "tier"}
	values     = []string{"a", "b", "c"}
	portNames  = []string{"http", "dns", "sig", "admin"}
	protocols  = []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}
	numbers    = []int{1, 53, 79, 80, 81, 82, 8000, 8001, 65535}
	external   = []string{"1.1.1.1", "10.42.9.9", "172.17.0.5", "172.17.1.5", "192.168.3.1"}
	blocks     = []networkingv1.IPBlock{
		{CIDR: "0.0.0.0/0"},
		{CIDR: "172.17.0.0/16"},
		{CIDR: "172.17.0.0/16", Except: []string{"172.17.1.0/24"}},
		{CIDR: "0.0.0.0/0", Except: []string{"10.0.0.0/8", "192.168.0.0/16"}},
		{CIDR: "10.42.0.0/16"},
		{CIDR: "10.42.0.0/24"},
		{CIDR: "10.42.0.0/16", Except: []string{"10.42.0.0/30", "10.42.9.0/24"}},
		{CIDR: "1.1.1.1/32"},
		{CIDR: "10.42.0.4/31"},
	}
)

func newSet(seed uint64) set {
	r := newRandom(seed)
	var s set
	for i := range 4 + r.IntN(5) {
		s.pods = append(s.pods, r.pod(i))
	}
	for _, address := range external {
		s.outside = append(s.outside, &reach.Endpoint{Name: address, Kind: reach.World, Addresses: only(address)})
	}
	for i := range 1 + r.IntN(6) {
		s.policies = append(s.policies, r.policy(i))
	}
	return s
}

func only(address string) *netipx.IPSet {
	var set netipx.IPSetBuilder
	set.Add(netip.MustParseAddr(address))
	all, err := set.IPSet()
	if err != nil {
		panic(err)
	}
	return all
}

func (r random) pod(i int) *reach.Endpoint {
	namespace := pick(r, namespaces)
	pod := &reach.Endpoint{
		Name: fmt.Sprint("pod", i), Kind: reach.Pod, Namespace: namespace, Labels: map[string]string{}, NamespaceLabels: labelsOf(namespace),
		Addresses: only(fmt.Sprintf("10.42.0.%d", i+1)),
	}
	for _, key := range keys {
		if !r.chance(4) {
			pod.Labels[key] = pick(r, values)
		}
	}
	taken := map[string]bool{} // a name and a number are one port each
	for _, name := range portNames {
		protocol, number := pick(r, protocols), pick(r, numbers)
		if place := fmt.Sprint(protocol, number); !r.chance(3) && !taken[place] {
			taken[place] = true
			pod.Ports = append(pod.Ports, corev1.ContainerPort{Name: name, ContainerPort: int32(number), Protocol: protocol})
		}
	}
	return pod
}

func labelsOf(namespace string) map[string]string {
	return map[string]string{"kubernetes.io/metadata.name": namespace, "team": teams[namespace]}
}

func (r random) policy(i int) networkingv1.NetworkPolicy {
	p := networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("policy", i), Namespace: pick(r, namespaces)}}
	p.Spec.PodSelector = r.selector(keys, values)
	types := [][]networkingv1.PolicyType{{"Ingress"}, {"Egress"}, {"Ingress", "Egress"}, nil}
	p.Spec.PolicyTypes = pick(r, types)
	p.Spec.Ingress = some(r, 0, 3, func() networkingv1.NetworkPolicyIngressRule {
		return networkingv1.NetworkPolicyIngressRule{From: some(r, 0, 3, r.peer), Ports: some(r, 0, 3, r.port)}
	})
	p.Spec.Egress = some(r, 0, 3, func() networkingv1.NetworkPolicyEgressRule {
		return networkingv1.NetworkPolicyEgressRule{To: some(r, 0, 3, r.peer), Ports: some(r, 0, 3, r.port)}
	})
	return p
}

func (r random) peer() networkingv1.NetworkPolicyPeer {
	pods, spaces := r.selector(keys, values), r.selector([]string{"team", "kubernetes.io/metadata.name"}, append([]string{"red", "blue"}, namespaces...))
	switch r.IntN(4) {
	case 0:
		block := pick(r, blocks)
		return networkingv1.NetworkPolicyPeer{IPBlock: &block}
	case 1:
		return networkingv1.NetworkPolicyPeer{PodSelector: &pods}
	case 2:
		return networkingv1.NetworkPolicyPeer{NamespaceSelector: &spaces}
	}
	return networkingv1.NetworkPolicyPeer{PodSelector: &pods, NamespaceSelector: &spaces}
}

func (r random) selector(keys, values []string) metav1.LabelSelector {
	var s metav1.LabelSelector
	if r.chance(3) {
		s.MatchLabels = map[string]string{pick(r, keys): pick(r, values)}
	}
	if r.chance(2) {
		one := metav1.LabelSelectorRequirement{Key: pick(r, keys)}
		one.Operator = pick(r, []metav1.LabelSelectorOperator{"In", "NotIn", "Exists", "DoesNotExist"})
		if one.Operator == "In" || one.Operator == "NotIn" {
			one.Values = some(r, 1, 2, func() string { return pick(r, values) })
		}
		s.MatchExpressions = append(s.MatchExpressions, one)
	}
	return s
}

func (r random) port() networkingv1.NetworkPolicyPort {
	var p networkingv1.NetworkPolicyPort
	if !r.chance(4) {
		p.Protocol = new(pick(r, protocols))
	}
	number := pick(r, numbers)
	switch r.IntN(4) {
	case 0:
	case 1:
		p.Port = new(intstr.FromString(pick(r, portNames)))
	case 2:
		p.Port = new(intstr.FromInt32(int32(number)))
	default:
		p.Port, p.EndPort = new(intstr.FromInt32(int32(number))), new(int32(min(number+r.IntN(200), 65535)))
	}
	return p
}
