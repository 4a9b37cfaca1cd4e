package reach

import (
	"fmt"
	"slices"

	"go4.org/netipx"
)

// Matrix is who can reach whom, of all endpoints.
type Matrix struct {
	Endpoints []*Endpoint

	evaluator *Evaluator
	cells     [][]Ports      // by index of from, then of to
	places    map[string]int // index of each endpoint, by its name
}

// NewMatrix asks for every pair. Groups of addresses that are treated alike
// are joined.
func (e *Evaluator) NewMatrix() *Matrix {
	m := e.matrix()
	join(m)
	return m
}

func (e *Evaluator) matrix(others ...division) *Matrix {
	m := &Matrix{Endpoints: e.endpoints(others...), evaluator: e}
	for _, from := range m.Endpoints {
		row := make([]Ports, len(m.Endpoints))
		for j, to := range m.Endpoints {
			if m.Checked(from, to) {
				row[j] = e.Reach(from, to)
			}
		}
		m.cells = append(m.cells, row)
	}
	m.place()
	return m
}

// place notes where each endpoint is: a stack of hundreds of pods has more
// pairs than names can be compared for.
func (m *Matrix) place() {
	m.places = make(map[string]int, len(m.Endpoints))
	for i, e := range m.Endpoints {
		if _, taken := m.places[e.String()]; !taken {
			m.places[e.String()] = i
		}
	}
}

// Checked reports whether a matrix answers for a pair: one of them is the stack's,
// or what is reached is a node, where Calico decides about nodes.
func (m *Matrix) Checked(from, to *Endpoint) bool {
	return from.own() || to.own() || to.Kind == Nodes && m.evaluator.checksNodes()
}

// join makes one group of those groups of addresses that all matrices treat
// alike. They have the same groups in the same order.
func join(matrices ...*Matrix) {
	first := matrices[0]
	for i := 0; i < len(first.Endpoints); i++ {
		for j := i + 1; first.Endpoints[i].Kind == World && j < len(first.Endpoints); j++ {
			a, b := first.Endpoints[i].Name, first.Endpoints[j].Name
			local := first.Endpoints[i].LinkLocal() != first.Endpoints[j].LinkLocal()
			if !local && !slices.ContainsFunc(matrices, func(m *Matrix) bool { return !m.alike(a, b) }) {
				for _, m := range matrices {
					m.unite(a, b)
				}
				j = i // names have changed: begin again
			}
		}
	}
}

func (m *Matrix) index(name string) int {
	if at, known := m.places[name]; known {
		return at
	}
	return -1
}

func (m *Matrix) alike(a, b string) bool {
	i, j := m.index(a), m.index(b)
	for k := range m.Endpoints {
		if !m.cells[i][k].Equal(m.cells[j][k]) || !m.cells[k][i].Equal(m.cells[k][j]) {
			return false
		}
	}
	return true
}

func (m *Matrix) unite(a, b string) {
	i, j := m.index(a), m.index(b)
	var both netipx.IPSetBuilder
	both.AddSet(m.Endpoints[i].Addresses)
	both.AddSet(m.Endpoints[j].Addresses)
	all, _ := both.IPSet()
	m.Endpoints[i] = &Endpoint{Name: worldName(all), Kind: World, Addresses: all}
	m.Endpoints = slices.Delete(m.Endpoints, j, j+1)
	m.cells = slices.Delete(m.cells, j, j+1)
	for k := range m.cells {
		m.cells[k] = slices.Delete(m.cells[k], j, j+1)
	}
	m.place()
}

// Allowed is the ports of to that from reaches, whether anything listens there
// or not.
func (m *Matrix) Allowed(from, to string) Ports {
	i, j := m.index(from), m.index(to)
	if i < 0 || j < 0 {
		return nil
	}
	return m.cells[i][j]
}

// Open is the allowed ports that something listens on. Of endpoints outside
// the stack it is not known on what, and all count.
func (m *Matrix) Open(from, to string) Ports {
	j := m.index(to)
	if j < 0 {
		return nil
	}
	return m.open(m.Allowed(from, to), j)
}

func (m *Matrix) open(allowed Ports, to int) Ports {
	if e := m.Endpoints[to]; e.own() || e.onNode() {
		return allowed.Intersect(e.Listens)
	}
	return allowed
}

// Reason is a policy, or the lack of one, that lets a connection through.
type Reason struct {
	At     string // the end that it is about
	Policy string // such as NetworkPolicy backend; empty where no policy restricts that end
	Ports  Ports
}

// String tells the reason in a few words.
func (r Reason) String() string {
	if r.Policy == "" {
		return "no policy restricts " + r.At
	}
	return r.Policy
}

// Why tells what lets some ports through: of either end the policies, or that
// none restricts it.
func (m *Matrix) Why(from, to string, ports Ports) []Reason {
	i, j := m.index(from), m.index(to)
	if i < 0 || j < 0 {
		return nil
	}
	return m.evaluator.why(m.Endpoints[i], m.Endpoints[j], ports)
}

func (e *Evaluator) why(from, to *Endpoint, ports Ports) []Reason {
	var all []Reason
	direct := ports.Intersect(e.direct(from, to))
	if len(direct) > 0 {
		all = append(e.reasons(egress, from, to, from, to, direct), e.reasons(ingress, to, from, from, to, direct)...)
	}
	for _, one := range e.entriesOf(to) {
		through := one.target.Intersect(ports).Minus(direct)
		if len(through) > 0 && e.enters(one, from, to) {
			all = append(all, Reason{to.String(), fmt.Sprintf("Service %s, by port %d of a node", one.service, one.port), through})
			all = append(all, e.reasons(ingress, to, e.nodes, e.nodes, to, through)...)
		}
	}
	return all
}

func (e *Evaluator) reasons(d direction, about, other, from, to *Endpoint, ports Ports) []Reason {
	var policies []applied
	switch about.Kind {
	case Pod:
		policies = e.about(about)[d]
	case Host, Nodes:
		policies = slices.Concat(e.hostPolicies(untracked, d, false), e.hostPolicies(preDNAT, d, false), e.hostPolicies(normal, d, false))
	default:
		return nil
	}
	var all []Reason
	for _, one := range policies {
		decided, _ := decide([]applied{one}, d, other, from, to)
		if through := decided.allowed.Intersect(ports); len(through) > 0 {
			all = append(all, Reason{about.String(), one.title(), through})
		}
	}
	if len(all) == 0 {
		side := "what comes in at " + about.String()
		if d == egress {
			side = "what leaves " + about.String()
		}
		all = append(all, Reason{At: side, Ports: ports})
	}
	return all
}

// title is the policy's kind and name.
func (a applied) title() string {
	if a.kubernetes != nil {
		return "NetworkPolicy " + a.name
	}
	if a.calico.Namespace != "" {
		return "Calico NetworkPolicy " + a.name
	}
	return "GlobalNetworkPolicy " + a.name
}
