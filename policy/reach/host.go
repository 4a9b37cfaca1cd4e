package reach

// Failsafe and failsafeOut are the ports that Calico keeps open at every host
// endpoint, so that no policy cuts a node off: those that it receives and those
// that it sends to (FailsafeInboundHostPorts and FailsafeOutboundHostPorts of
// Felix, with their defaults).
var (
	Failsafe    = TCP(22, 179, 2379, 2380, 5473, 6443, 6666, 6667).Union(UDP(68))
	failsafeOut = TCP(179, 2379, 2380, 5473, 6443, 6666, 6667).Union(UDP(53, 67))
)

// hostLabels are those of a host endpoint. The labels of the nodes are not
// part of a stack.
var hostLabels = map[string]string{"projectcalico.org/created-by": "calico-kube-controllers"}

// stage is one place of a node at which policies are asked, in this order.
type stage int

const (
	untracked stage = iota // before connections are tracked
	preDNAT                // before addresses are translated
	normal
)

// at reports whether a policy is asked at a place.
func (s stage) at(p *calicoPolicy) bool {
	switch s {
	case untracked:
		return p.Spec.DoNotTrack
	case preDNAT:
		return p.Spec.PreDNAT
	case normal:
	}
	return !p.Spec.DoNotTrack && !p.Spec.PreDNAT
}

// hostPolicies are those about the nodes, of one place and direction.
func (e *Evaluator) hostPolicies(s stage, d direction, forward bool) []applied {
	var all []applied
	for i := range e.calico {
		p := &e.calico[i]
		if _, decides := p.rules[d]; decides && s.at(p) && (!forward || p.Spec.ApplyOnForward) && p.selects(e.nodes, hostLabels) {
			all = append(all, applied{order: p.order, name: p.title(), calico: p})
		}
	}
	sortApplied(all)
	return all
}

// judgesNodes reports whether anything says who reaches the nodes.
func (e *Evaluator) checksNodes() bool { return len(e.calico) > 0 || e.closes() }

// closes reports whether Calico asks policies at the nodes.
func (e *Evaluator) closes() bool { return e.around.Hosts != "" && e.around.Hosts != HostsNone }

// host is what the nodes' host endpoints allow a node itself to receive or to
// send. Policies before the last place refuse only what they deny.
func (e *Evaluator) host(d direction, other, from, to *Endpoint) Ports {
	if !e.closes() {
		return AllPorts
	}
	open := Failsafe
	if d == egress {
		open = failsafeOut
	}
	early, rest := e.early(d, false, other, from, to)
	open = open.Union(early)
	decided, restricted := decide(e.hostPolicies(normal, d, false), d, other, from, to)
	switch {
	case restricted:
		return open.Union(decided.allowed.Intersect(rest))
	case d == egress || e.around.Hosts == HostsOpen:
		return open.Union(rest)
	}
	return open
}

// early asks the policies before the last place: what they allow, and what
// they leave to it.
func (e *Evaluator) early(d direction, forward bool, other, from, to *Endpoint) (open, rest Ports) {
	rest = AllPorts
	for _, s := range []stage{untracked, preDNAT} {
		decided, _ := decide(e.hostPolicies(s, d, forward), d, other, from, to)
		open = open.Union(decided.allowed.Intersect(rest))
		rest = rest.Intersect(decided.rest)
	}
	return open, rest
}

// forwarded is what the node's host endpoint lets through to a pod from
// outside the cluster. What pods send each other travels between nodes as the
// nodes' own traffic.
func (e *Evaluator) forwarded(from, to *Endpoint) Ports {
	if from.Kind != World || to.onNode() || !e.closes() {
		return AllPorts
	}
	open, rest := e.early(ingress, true, from, from, to)
	decided, restricted := decide(e.hostPolicies(normal, ingress, true), ingress, from, from, to)
	if !restricted {
		return open.Union(rest)
	}
	return open.Union(decided.allowed.Intersect(rest))
}
