package cyclonus

import (
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// expanded says the same without the one thing that cyclonus takes for
// another: NotIn matches labels without the key, too
// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement),
// and there it does not. Each selector with NotIn becomes two: one for labels
// without the key, one for those with it.
func expanded(p networkingv1.NetworkPolicy) []networkingv1.NetworkPolicy {
	for i, r := range p.Spec.Ingress {
		p.Spec.Ingress[i].From = expandedPeers(r.From)
	}
	for i, r := range p.Spec.Egress {
		p.Spec.Egress[i].To = expandedPeers(r.To)
	}
	var all []networkingv1.NetworkPolicy
	for _, selector := range split(p.Spec.PodSelector) {
		one := p.DeepCopy()
		one.Spec.PodSelector = selector
		all = append(all, *one)
	}
	return all
}

func expandedPeers(peers []networkingv1.NetworkPolicyPeer) []networkingv1.NetworkPolicyPeer {
	var all []networkingv1.NetworkPolicyPeer
	for _, peer := range peers {
		for _, pods := range splitOptional(peer.PodSelector) {
			for _, namespaces := range splitOptional(peer.NamespaceSelector) {
				all = append(all, networkingv1.NetworkPolicyPeer{IPBlock: peer.IPBlock, PodSelector: pods, NamespaceSelector: namespaces})
			}
		}
	}
	return all
}

func splitOptional(s *metav1.LabelSelector) []*metav1.LabelSelector {
	if s == nil {
		return []*metav1.LabelSelector{nil}
	}
	var all []*metav1.LabelSelector
	for _, one := range split(*s) {
		all = append(all, &one)
	}
	return all
}

// split has no selector with NotIn that could match labels without the key.
func split(s metav1.LabelSelector) []metav1.LabelSelector {
	all := []metav1.LabelSelector{{MatchLabels: s.MatchLabels}}
	for _, expression := range s.MatchExpressions {
		either := []metav1.LabelSelectorRequirement{expression}
		if expression.Operator == metav1.LabelSelectorOpNotIn {
			either = append(either, metav1.LabelSelectorRequirement{Key: expression.Key, Operator: metav1.LabelSelectorOpDoesNotExist})
		}
		var next []metav1.LabelSelector
		for _, one := range all {
			for _, expression := range either {
				with := *one.DeepCopy()
				with.MatchExpressions = append(with.MatchExpressions, expression)
				next = append(next, with)
			}
		}
		all = next
	}
	return all
}
