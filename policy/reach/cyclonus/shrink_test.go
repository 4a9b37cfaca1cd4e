package cyclonus

import (
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

// smallest takes away what a disagreement does not need, until nothing can be
// taken away.
func (s set) smallest(disagrees func(set) bool) set {
	for again := true; again; {
		again = false
		for _, smaller := range s.smaller() {
			if disagrees(smaller) {
				s, again = smaller, true
				break
			}
		}
	}
	return s
}

// smaller are the sets with one thing less.
func (s set) smaller() []set {
	var all []set
	for i := range s.pods {
		all = append(all, set{without(s.pods, i), s.outside, s.policies})
	}
	for i := range s.outside {
		all = append(all, set{s.pods, without(s.outside, i), s.policies})
	}
	for i := range s.policies {
		all = append(all, set{s.pods, s.outside, without(s.policies, i)})
		for _, policy := range simpler(s.policies[i]) {
			policies := slices.Clone(s.policies)
			policies[i] = policy
			all = append(all, set{s.pods, s.outside, policies})
		}
	}
	return all
}

// simpler are policies with one rule, peer, port or condition less.
func simpler(p networkingv1.NetworkPolicy) []networkingv1.NetworkPolicy {
	var all []networkingv1.NetworkPolicy
	change := func(change func(spec *networkingv1.NetworkPolicySpec)) {
		one := p.DeepCopy()
		change(&one.Spec)
		all = append(all, *one)
	}
	for i, r := range p.Spec.Ingress {
		change(func(s *networkingv1.NetworkPolicySpec) { s.Ingress = without(s.Ingress, i) })
		for j := range r.From {
			change(func(s *networkingv1.NetworkPolicySpec) { s.Ingress[i].From = without(s.Ingress[i].From, j) })
		}
		for j := range r.Ports {
			change(func(s *networkingv1.NetworkPolicySpec) { s.Ingress[i].Ports = without(s.Ingress[i].Ports, j) })
		}
	}
	for i, r := range p.Spec.Egress {
		change(func(s *networkingv1.NetworkPolicySpec) { s.Egress = without(s.Egress, i) })
		for j := range r.To {
			change(func(s *networkingv1.NetworkPolicySpec) { s.Egress[i].To = without(s.Egress[i].To, j) })
		}
		for j := range r.Ports {
			change(func(s *networkingv1.NetworkPolicySpec) { s.Egress[i].Ports = without(s.Egress[i].Ports, j) })
		}
	}
	if len(p.Spec.PodSelector.MatchLabels) > 0 {
		change(func(s *networkingv1.NetworkPolicySpec) { s.PodSelector.MatchLabels = nil })
	}
	if len(p.Spec.PodSelector.MatchExpressions) > 0 {
		change(func(s *networkingv1.NetworkPolicySpec) { s.PodSelector.MatchExpressions = nil })
	}
	return all
}

func without[T any](items []T, i int) []T { return slices.Delete(slices.Clone(items), i, i+1) }

// String is the set as YAML, to be read by whoever looks into a disagreement.
func (s set) String() string {
	var text strings.Builder
	for _, pod := range s.pods {
		content, _ := yaml.Marshal(map[string]any{
			"pod": pod.String(), "labels": pod.Labels, "namespaceLabels": pod.NamespaceLabels, "ports": pod.Ports, "address": pod.Addresses.Ranges()[0].From(),
		})
		text.WriteString("---\n" + string(content))
	}
	for _, policy := range s.policies {
		content, _ := yaml.Marshal(policy)
		text.WriteString("---\n" + string(content))
	}
	return text.String()
}
