package monitoring

import (
	"net/netip"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"platform/policy/pack"
)

// client is who opens connections, as network policies know it.
type client struct {
	namespace string
	labels    labels.Set // of its pods
	around    labels.Set // of its namespace
	networks  []netip.Prefix
}

// newClient is Prometheus, as the rule's parameters have it. It panics for a
// parameter that is none.
func newClient(s *pack.Stack, r *pack.Report) client {
	c := client{namespace: pack.Parameter[string](r, "namespace"), labels: labels.Set{}, around: labels.Set{}}
	for _, label := range r.List("labels") {
		key, value, _ := strings.Cut(label, "=")
		c.labels[key] = value
	}
	for _, network := range r.List("networks") {
		c.networks = append(c.networks, netip.MustParsePrefix(network))
	}
	if own, found := s.Find("Namespace", "", c.namespace); found {
		pack.Each(r, own, []pack.Object{own}, func(own pack.Object) { c.around = own.Labels() })
	}
	c.around["kubernetes.io/metadata.name"] = c.namespace // the API server's own label
	return c
}

// isFrom tells whether a rule of a policy is for the client: one that names
// nobody is for everybody.
func (c client) isFrom(policy pack.Object, rule pack.Value) bool {
	peers := rule.At("from").Items()
	return len(peers) == 0 || pack.Some(peers, func(peer pack.Value) bool {
		if block := peer.At("ipBlock"); block.Set() {
			return c.isWithin(block)
		}
		namespaces := peer.At("namespaceSelector")
		if !namespaces.Set() {
			if policy.At("metadata", "namespace").Text() != c.namespace {
				return false
			}
		} else if !namespaces.Selector().Matches(c.around) {
			return false
		}
		return selectorOrAll(peer.At("podSelector")).Matches(c.labels)
	})
}

// isWithin tells whether a block has every address that the client may have.
func (c client) isWithin(block pack.Value) bool {
	allowed, err := netip.ParsePrefix(block.At("cidr").Text())
	if err != nil || len(c.networks) == 0 {
		return false
	}
	for _, network := range c.networks {
		if !allowed.Contains(network.Addr()) || allowed.Bits() > network.Bits() {
			return false
		}
		for _, text := range block.At("except").Texts() {
			if except, err := netip.ParsePrefix(text); err != nil || except.Overlaps(network) {
				return false
			}
		}
	}
	return true
}

// selectorOrAll is a selector of pods in a policy, which means all where it is
// absent.
func selectorOrAll(at pack.Value) labels.Selector {
	if !at.Set() {
		return labels.Everything()
	}
	return at.Selector()
}
