package reach

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go4.org/netipx"
	networkingv1 "k8s.io/api/networking/v1"
)

// elsewhere stands for any namespace that no policy names.
const elsewhere = "elsewhere"

// outsiders are the pods of other namespaces that policies may tell apart: the
// named ones, those that policies name, the others of their namespaces, and
// one of any further namespace, which stands for the pods' network.
func (c *Cluster) outsiders(around Surroundings, further []Outsider) []*Endpoint {
	peers := slices.Clone(around.Peers)
	for _, one := range append(c.peers(), further...) {
		same := func(o Outsider) bool { return o.Namespace == one.Namespace && maps.Equal(o.Labels, one.Labels) }
		if !c.has(one.Namespace) && !slices.ContainsFunc(peers, same) {
			peers = append(peers, one)
		}
	}
	for _, peer := range slices.Clone(peers) {
		whole := func(o Outsider) bool { return o.Namespace == peer.Namespace && len(o.Labels) == 0 }
		if !slices.ContainsFunc(peers, whole) {
			peers = append(peers, Outsider{Name: "others in " + peer.Namespace, Namespace: peer.Namespace})
		}
	}
	peers = append(peers, Outsider{Name: "overlay", Namespace: elsewhere})
	pods := addresses(around.Pods)
	var all []*Endpoint
	for _, peer := range peers {
		all = append(all, &Endpoint{
			Name: peer.Name, Kind: Outside, Namespace: peer.Namespace, Labels: peer.Labels,
			NamespaceLabels: c.NamespaceLabels(peer.Namespace), Addresses: pods, Ports: peer.Ports,
		})
	}
	slices.SortFunc(all, func(a, b *Endpoint) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func peersOf(policy networkingv1.NetworkPolicy) []networkingv1.NetworkPolicyPeer {
	var all []networkingv1.NetworkPolicyPeer
	for _, r := range policy.Spec.Ingress {
		all = append(all, r.From...)
	}
	for _, r := range policy.Spec.Egress {
		all = append(all, r.To...)
	}
	return all
}

// peers are the pods that the policies name by the namespace.
func (c *Cluster) peers() []Outsider {
	var all []Outsider
	for _, policy := range c.Policies {
		for _, peer := range peersOf(policy) {
			if one, named := outsider(peer); named {
				all = append(all, one)
			}
		}
	}
	return all
}

// has reports whether a namespace is the stack's own.
func (c *Cluster) has(namespace string) bool {
	return c.Namespaces[namespace] != nil || slices.ContainsFunc(c.Pods, func(p *Endpoint) bool { return p.Namespace == namespace })
}

// outsider is the pods that a peer names, if it names a namespace.
func outsider(peer networkingv1.NetworkPolicyPeer) (Outsider, bool) {
	if peer.NamespaceSelector == nil {
		return Outsider{}, false
	}
	namespace, named := peer.NamespaceSelector.MatchLabels[nameLabel]
	if !named {
		return Outsider{}, false
	}
	one := Outsider{Name: "others in " + namespace, Namespace: namespace}
	if peer.PodSelector != nil && len(peer.PodSelector.MatchLabels) > 0 {
		one.Labels = peer.PodSelector.MatchLabels
		var labels []string
		for _, key := range slices.Sorted(maps.Keys(one.Labels)) {
			labels = append(labels, key+"="+one.Labels[key])
		}
		one.Name = fmt.Sprintf("%s (%s)", namespace, strings.Join(labels, ","))
	}
	return one, true
}

// worlds divides the addresses that are neither of nodes nor of pods into
// groups that no network of a policy divides further.
func worlds(around Surroundings, networks []*netipx.IPSet) []*Endpoint {
	six := slices.ContainsFunc(networks, func(n *netipx.IPSet) bool {
		return slices.ContainsFunc(n.Prefixes(), func(p prefix) bool { return p.Addr().Is6() })
	})
	var rest netipx.IPSetBuilder
	rest.AddPrefix(anyIPv4)
	if six {
		rest.AddPrefix(anyIPv6)
	}
	rest.RemoveSet(addresses(around.Nodes))
	rest.RemoveSet(addresses(around.Pods))
	whole, _ := rest.IPSet()
	groups := []*netipx.IPSet{whole}
	local, _ := blockOf(linkLocal.String())
	for _, network := range append([]*netipx.IPSet{local}, networks...) {
		var divided []*netipx.IPSet
		for _, group := range groups {
			var without netipx.IPSetBuilder
			without.AddSet(group)
			without.RemoveSet(network)
			outer, _ := without.IPSet()
			for _, part := range []*netipx.IPSet{intersection(group, network), outer} {
				if len(part.Ranges()) > 0 {
					divided = append(divided, part)
				}
			}
		}
		groups = divided
	}
	var all []*Endpoint
	for _, group := range groups {
		all = append(all, &Endpoint{Name: worldName(group), Kind: World, Addresses: group})
	}
	return all
}
