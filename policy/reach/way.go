package reach

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Way is a port that leads to a pod from outside the pods' network: of every
// node, or of the address of a Service of type LoadBalancer.
type Way struct {
	Service   string // in the namespace of the pod
	Port      int
	Node      bool // of every node; else of the Service's own address
	Protocol  corev1.Protocol
	Target    Ports // of the pod
	Preserves bool  // the client's address; else the pod may see a node's
	entry     entry
}

// Ways are those that lead to an endpoint; none where it is no pod of the
// stack.
func (m *Matrix) Ways(to string) []Way {
	j := m.index(to)
	if j < 0 {
		return nil
	}
	var all []Way
	for _, one := range m.evaluator.cluster.entries(m.Endpoints[j]) {
		all = append(all, Way{one.service, one.port, one.node, one.protocol, one.target, one.preserves, one})
	}
	return all
}

// By is the ports of to that from reaches by a way.
func (m *Matrix) By(way Way, from, to string) Ports {
	i, j := m.index(from), m.index(to)
	if i < 0 || j < 0 {
		return nil
	}
	a, b := m.Endpoints[i], m.Endpoints[j]
	switch {
	case way.Preserves:
		return way.Target.Intersect(m.evaluator.direct(a, b))
	case m.evaluator.enters(way.entry, a, b):
		return way.Target.Intersect(m.evaluator.side(ingress, b, m.evaluator.nodes, m.evaluator.nodes, b))
	}
	return nil
}

// Direct is the ports of to that from reaches at the address of to itself.
func (m *Matrix) Direct(from, to string) Ports {
	i, j := m.index(from), m.index(to)
	if i < 0 || j < 0 {
		return nil
	}
	return m.evaluator.direct(m.Endpoints[i], m.Endpoints[j])
}

// Backends are the pods of the stack that a Service leads to, and the port of
// each behind a port of the Service.
func (m *Matrix) Backends(service corev1.Service, port corev1.ServicePort) map[string]Ports {
	all := map[string]Ports{}
	for _, e := range m.Endpoints {
		if selectsPod(service, e) {
			all[e.String()] = target(port, e)
		}
	}
	return all
}

// Find is the endpoint of a name; nil where there is none.
func (m *Matrix) Find(name string) *Endpoint {
	if i := m.index(name); i >= 0 {
		return m.Endpoints[i]
	}
	return nil
}

// Own reports whether the stack makes the endpoint.
func (e *Endpoint) Own() bool { return e.own() }

// Matches reports whether a pod of a namespace has the labels of the endpoint, which
// may have more.
func (e *Endpoint) Matches(namespace string, labels map[string]string) bool {
	if e.Namespace != namespace {
		return false
	}
	for key, value := range e.Labels {
		if labels[key] != value {
			return false
		}
	}
	return true
}

// Numbers are the ports of one protocol, at most some of each range: its first,
// its last and others between in equal steps.
func (p Ports) Numbers(protocol corev1.Protocol, most int) []int {
	var all []int
	for _, r := range p {
		if r.Protocol != protocol {
			continue
		}
		count := min(most, r.To-r.From+1)
		for i := range count {
			number := r.From
			if count > 1 {
				number += i * (r.To - r.From) / (count - 1)
			}
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
