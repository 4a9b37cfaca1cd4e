package reach

import (
	"cmp"
	"slices"

	"go4.org/netipx"

	"platform/policy/reach/calico"
)

// Evaluator answers who can reach whom.
type Evaluator struct {
	cluster  *Cluster
	around   Surroundings
	policies []networkPolicy
	calico   []calicoPolicy
	networks []*netipx.IPSet // that policies name
	pods     []*Endpoint
	nodes    *Endpoint
	applied  map[*Endpoint]map[direction][]applied
	entered  map[*Endpoint][]entry // ports of nodes that lead to a pod
}

// applied is one policy that is about an endpoint: one of the two.
type applied struct {
	order      float64
	name       string
	kubernetes *networkPolicy
	calico     *calicoPolicy
}

// NewEvaluator reads the policies of a cluster. It is for one goroutine.
func NewEvaluator(c *Cluster, around Surroundings) (*Evaluator, error) {
	e := &Evaluator{cluster: c, around: around, applied: map[*Endpoint]map[direction][]applied{}, entered: map[*Endpoint][]entry{}}
	for _, policy := range c.Policies {
		parsed, err := parsePolicy(policy)
		if err != nil {
			return nil, err
		}
		e.policies = append(e.policies, parsed)
		for _, rules := range parsed.rules {
			for _, r := range rules {
				for _, peer := range r.peers {
					e.name(peer.addresses)
				}
			}
		}
	}
	for _, policy := range c.Calico {
		parsed, err := parseCalico(policy)
		if err != nil {
			return nil, err
		}
		e.calico = append(e.calico, parsed)
		for _, rules := range parsed.rules {
			for _, r := range rules {
				e.name(r.source.nets, r.source.notNets, r.destination.nets, r.destination.notNets)
			}
		}
	}
	e.nodes = e.newNodes()
	inside := addresses(around.Pods)
	for _, pod := range c.Pods {
		e.pods = append(e.pods, e.placed(*pod, inside))
	}
	slices.SortFunc(e.pods, func(a, b *Endpoint) int { return cmp.Compare(a.String(), b.String()) })
	return e, nil
}

// placed is a pod with the addresses that it may have, unless it has some.
func (e *Evaluator) placed(pod Endpoint, inside *netipx.IPSet) *Endpoint {
	switch {
	case pod.Addresses != nil:
	case pod.Kind == Host:
		pod.Addresses = e.nodes.Addresses
	default:
		pod.Addresses = inside
	}
	return &pod
}

// name remembers networks that policies tell apart.
func (e *Evaluator) name(networks ...*netipx.IPSet) {
	for _, one := range networks {
		if one != nil && !slices.ContainsFunc(e.networks, one.Equal) {
			e.networks = append(e.networks, one)
		}
	}
}

// newNodes is the nodes themselves, and what they listen on beside what the
// stack makes: SSH, the API server, the kubelet and the Services' node ports.
func (e *Evaluator) newNodes() *Endpoint {
	listens := TCP(22, 6443, 10250)
	for _, service := range e.cluster.Services {
		for _, port := range service.Spec.Ports {
			if number := int(port.NodePort); number > 0 {
				listens = listens.Union(Ports{{protocolOf(port.Protocol), number, number}})
			}
		}
	}
	return &Endpoint{Name: string(Nodes), Kind: Nodes, Addresses: addresses(e.around.Nodes), Listens: listens}
}

// division is what the policies of a cluster tell apart outside of it.
type division struct {
	networks []*netipx.IPSet
	peers    []Outsider
}

func (e *Evaluator) division() division { return division{e.networks, e.cluster.peers()} }

// endpoints are all that the policies of the cluster, and of others, tell
// apart: the stack's own first.
func (e *Evaluator) endpoints(others ...division) []*Endpoint {
	all := append(slices.Clone(e.pods), e.nodes)
	networks, peers := e.networks, []Outsider(nil)
	for _, other := range others {
		networks, peers = slices.Concat(networks, other.networks), append(peers, other.peers...)
	}
	all = append(all, e.cluster.outsiders(e.around, peers)...)
	return append(all, worlds(e.around, networks)...)
}

// Reach is the ports of to that from reaches, by itself or through a Service
// at a node.
func (e *Evaluator) Reach(from, to *Endpoint) Ports {
	return e.direct(from, to).Union(e.throughNodes(from, to))
}

// direct is what both ends allow.
func (e *Evaluator) direct(from, to *Endpoint) Ports {
	out := e.side(egress, from, to, from, to)
	if len(out) == 0 {
		return nil
	}
	return out.Intersect(e.side(ingress, to, from, from, to)).Intersect(e.forwarded(from, to))
}

// side is what the policies about one end allow of what goes from from to to.
func (e *Evaluator) side(d direction, about, other, from, to *Endpoint) Ports {
	switch about.Kind {
	case Pod:
		decided, restricted := decide(e.about(about)[d], d, other, from, to)
		if !restricted {
			return AllPorts
		}
		return decided.allowed
	case Host, Nodes:
		return e.host(d, other, from, to)
	case Outside, World:
	}
	return AllPorts
}

// about are the policies about a pod, in the order in which they are asked.
// Where only NetworkPolicies are, the order does not matter.
func (e *Evaluator) about(pod *Endpoint) map[direction][]applied {
	if known, is := e.applied[pod]; is {
		return known
	}
	all := map[direction][]applied{}
	for i := range e.policies {
		if p := &e.policies[i]; p.selects(pod) {
			for d := range p.rules {
				all[d] = append(all[d], applied{order: calico.KubernetesOrder, name: p.name, kubernetes: p})
			}
		}
	}
	for i := range e.calico {
		if p := &e.calico[i]; !p.Spec.PreDNAT && !p.Spec.DoNotTrack && p.selects(pod, nil) {
			for d := range p.rules {
				all[d] = append(all[d], applied{order: p.order, name: p.title(), calico: p})
			}
		}
	}
	for d := range all {
		sortApplied(all[d])
	}
	e.applied[pod] = all
	return all
}

func sortApplied(policies []applied) {
	slices.SortStableFunc(policies, func(a, b applied) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.name, b.name))
	})
}

// decision is what policies say of all ports.
type decision struct {
	allowed, rest Ports // the rest is what none of them decided
}

// decide asks policies in their order. What none of them lets through is
// refused, if there is one; restricted is false if there is none.
func decide(policies []applied, d direction, other, from, to *Endpoint) (decision, bool) {
	now := decision{rest: AllPorts}
	for _, one := range policies {
		if len(now.rest) == 0 {
			break
		}
		if one.kubernetes != nil {
			open := one.kubernetes.allows(d, other, to)
			if len(open) == 0 {
				continue
			}
			open = open.Intersect(now.rest)
			now = decision{now.allowed.Union(open), now.rest.Minus(open)}
			continue
		}
		for _, r := range one.calico.rules[d] {
			now = now.apply(r, from, to)
		}
	}
	return now, len(policies) > 0
}

// apply lets one rule of Calico's decide. Pass leads to the profile, which
// allows everything to pods.
func (now decision) apply(r calicoRule, from, to *Endpoint) decision {
	if r.Action == calico.Log {
		return now
	}
	ports := r.ports(from, to).Intersect(now.rest)
	if r.Action == calico.Allow || r.Action == calico.Pass {
		now.allowed = now.allowed.Union(ports)
	}
	now.rest = now.rest.Minus(ports)
	return now
}
