package reach

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go4.org/netipx"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"platform/policy/reach/calico"
)

// calicoPolicy is a policy of Calico's whose selectors and networks are
// parsed.
type calicoPolicy struct {
	calico.Policy
	order      float64
	selector   calico.Selector
	namespaces calico.Selector // nil means everywhere
	rules      map[direction][]calicoRule
}

// calicoRule is one rule; the ends are as the packet goes.
type calicoRule struct {
	calico.Rule
	source, destination calicoEntity
}

type calicoEntity struct {
	calico.Entity
	nets, notNets         *netipx.IPSet
	selector, notSelector calico.Selector
	namespaces            calico.Selector
	global                bool   // only what has no namespace
	local                 string // only this namespace, for what a namespaced policy selects
}

func parseCalico(p calico.Policy) (calicoPolicy, error) {
	parsed := calicoPolicy{Policy: p, order: math.Inf(1), rules: map[direction][]calicoRule{}}
	problem := func(err error) (calicoPolicy, error) {
		return parsed, fmt.Errorf("policy %s of Calico: %w", parsed.title(), err)
	}
	if err := p.Validate(); err != nil {
		return problem(err)
	}
	if p.Spec.Order != nil {
		parsed.order = *p.Spec.Order
	}
	var err error
	if parsed.selector, err = calico.ParseSelector(p.Spec.Selector); err != nil {
		return problem(err)
	}
	if p.Spec.NamespaceSelector != "" {
		if parsed.namespaces, err = calico.ParseSelector(p.Spec.NamespaceSelector); err != nil {
			return problem(err)
		}
	}
	for _, d := range p.Spec.Directions() {
		rules := map[direction][]calico.Rule{ingress: p.Spec.Ingress, egress: p.Spec.Egress}[direction(d)]
		parsed.rules[direction(d)] = []calicoRule{}
		for _, r := range rules {
			one := calicoRule{Rule: r}
			if one.source, err = parseEntity(r.Source, p.Namespace); err != nil {
				return problem(err)
			}
			if one.destination, err = parseEntity(r.Destination, p.Namespace); err != nil {
				return problem(err)
			}
			parsed.rules[direction(d)] = append(parsed.rules[direction(d)], one)
		}
	}
	return parsed, nil
}

func parseEntity(e calico.Entity, namespace string) (calicoEntity, error) {
	parsed := calicoEntity{Entity: e, local: namespace}
	var err error
	if parsed.nets, err = networks(e.Nets); err != nil {
		return parsed, err
	}
	if parsed.notNets, err = networks(e.NotNets); err != nil {
		return parsed, err
	}
	for text, into := range map[*string]*calico.Selector{&e.Selector: &parsed.selector, &e.NotSelector: &parsed.notSelector} {
		if *text == "" {
			continue
		}
		if *into, err = calico.ParseSelector(*text); err != nil {
			return parsed, err
		}
	}
	switch strings.TrimSpace(e.NamespaceSelector) {
	case "":
		if parsed.selector == nil && parsed.notSelector == nil {
			parsed.local = "" // addresses, which have no namespace
		}
	case "global()":
		parsed.local, parsed.global = "", true
	default:
		parsed.local = ""
		parsed.namespaces, err = calico.ParseSelector(e.NamespaceSelector)
	}
	return parsed, err
}

func networks(cidrs []string) (*netipx.IPSet, error) {
	if len(cidrs) == 0 {
		return nil, nil
	}
	var all netipx.IPSetBuilder
	for _, cidr := range cidrs {
		one, err := blockOf(cidr)
		if err != nil {
			return nil, err
		}
		all.AddSet(one)
	}
	return all.IPSet()
}

// title is how findings name the policy.
func (p *calicoPolicy) title() string {
	if p.Namespace != "" {
		return p.Namespace + "/" + p.Name
	}
	return p.Name
}

// selects reports whether the policy is about an endpoint: a pod, or a node
// through its host endpoint.
func (p *calicoPolicy) selects(e *Endpoint, host map[string]string) bool {
	if e.onNode() {
		return p.Namespace == "" && p.namespaces == nil && p.selector(host)
	}
	switch {
	case e.Kind != Pod, p.Namespace != "" && p.Namespace != e.Namespace, p.namespaces != nil && !p.namespaces(e.NamespaceLabels):
		return false
	}
	return p.selector(e.calicoLabels())
}

// match is how far a rule applies.
type match int

const (
	no    match = iota
	maybe       // to some of the addresses that an end may have
	yes
)

// ports are those that the rule decides about between two endpoints. A rule
// that may not match, for it depends on what is not known, decides only where
// that opens something.
func (r calicoRule) ports(from, to *Endpoint) Ports {
	fits := min(r.source.match(from), r.destination.match(to))
	if r.Narrowed || len(r.source.Ports) > 0 || len(r.source.NotPorts) > 0 || r.IPVersion == 6 {
		fits = min(fits, maybe)
	}
	if fits == no || fits == maybe && r.Action != calico.Allow {
		return nil
	}
	var all Ports
	for _, protocol := range Protocols {
		if r.protocol(protocol) {
			all = append(all, r.destination.ports(to, protocol)...)
		}
	}
	return merged(all)
}

// numbers are the protocols' own, which Calico takes in the place of names.
var numbers = map[corev1.Protocol]int{corev1.ProtocolTCP: 6, corev1.ProtocolUDP: 17, corev1.ProtocolSCTP: 132}

func (r calicoRule) protocol(protocol corev1.Protocol) bool {
	is := func(p *intstr.IntOrString) bool {
		return strings.EqualFold(p.String(), string(protocol)) || p.IntValue() == numbers[protocol]
	}
	return (r.Protocol == nil || is(r.Protocol)) && (r.NotProtocol == nil || !is(r.NotProtocol))
}

func (e calicoEntity) ports(to *Endpoint, protocol corev1.Protocol) Ports {
	all := Ports{{protocol, 1, lastPort}}
	if len(e.Ports) > 0 {
		all = resolve(e.Ports, to, protocol)
	}
	return all.Minus(resolve(e.NotPorts, to, protocol))
}

func resolve(ports []intstr.IntOrString, to *Endpoint, protocol corev1.Protocol) Ports {
	var all Ports
	for _, port := range ports {
		if first, last, numeric := calico.ParsePort(port); numeric {
			all = append(all, Range{protocol, first, last})
		} else {
			all = append(all, to.named(port.StrVal, protocol)...)
		}
	}
	return merged(slices.Clip(all))
}

func (e calicoEntity) match(end *Endpoint) match {
	fits := yes
	if e.nets != nil {
		fits = min(fits, within(end.Addresses, e.nets))
	}
	if e.notNets != nil {
		fits = min(fits, yes-within(end.Addresses, e.notNets))
	}
	pods := e.selector != nil || e.notSelector != nil || e.namespaces != nil || e.local != ""
	switch {
	case !pods && !e.global:
		return fits
	case e.global && end.selectable(), pods && !e.global && !end.selectable():
		return no
	case e.local != "" && end.Namespace != e.local, e.namespaces != nil && !e.namespaces(end.NamespaceLabels):
		return no
	case e.selector != nil && !e.selector(end.calicoLabels()), e.notSelector != nil && e.notSelector(end.calicoLabels()):
		return no
	}
	return fits
}

// within tells how much of what an endpoint may have lies in a network.
func within(addresses, network *netipx.IPSet) match {
	switch {
	case addresses == nil || !addresses.Overlaps(network):
		return no
	case addresses.Equal(intersection(addresses, network)):
		return yes
	}
	return maybe
}

func intersection(a, b *netipx.IPSet) *netipx.IPSet {
	var both netipx.IPSetBuilder
	both.AddSet(a)
	both.Intersect(b)
	set, _ := both.IPSet() // cannot fail: nothing is parsed
	return set
}
