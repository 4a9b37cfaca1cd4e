// Package expectations states who must, who may and, by leaving it out, who
// must not reach whom on each platform, and checks a cluster against that.
package expectations

import (
	"net/netip"
	"path"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"platform/policy/reach"
)

// Platform is what one platform's description says of its network.
type Platform struct {
	Name       string
	Namespaces string // of its pods, as a pattern such as co2-calculator-*
	Around     reach.Surroundings
	Database   string // workload that holds the data, unless somebody else runs it; empty where that cannot be
	Flows      []Flow // all that may be; what none of them names must not be
}

// Flow is who may reach whom on which ports. An end is a pattern: the name of
// a workload or a group of endpoints, or [Pods], [Outsiders] or [Worlds] for
// all of a kind.
type Flow struct {
	From, To string
	Ports    reach.Ports
	Must     bool   // every end that matches has to reach every other; else it may
	Source   string // what says so
}

// The patterns for all of a kind.
const (
	Everybody = "@everybody"
	Pods      = "@pods"       // of the platform, with addresses of their own
	Hosts     = "@hosts"      // of the platform, on their node's network, and the nodes
	Outsiders = "@outsiders"  // pods of other namespaces
	Worlds    = "@worlds"     // addresses outside the cluster, but for the link-local ones
	Networks  = "@networks"   // of them those that policies name, without the rest of the internet
	LinkLocal = "@link-local" // [reach.Endpoint.LinkLocal]
)

// All are the platforms.
var All = []Platform{CO2Calculator, EddCloud}

// For is the platform whose pods a cluster has, with what the cluster's own
// edge leads to; false where it has none's.
func For(c *reach.Cluster) (Platform, bool) {
	for _, p := range All {
		if slices.ContainsFunc(c.Pods, func(pod *reach.Endpoint) bool { return named(p.Namespaces, pod.Namespace) }) {
			return p.routed(c).elsewhere(c).further(c), true
		}
	}
	return Platform{}, false
}

// Configuration is what a stack's own configuration says of its network. What it
// leaves out stays as the platform's description has it.
type Configuration struct {
	Namespaces  string                    // of its pods
	Peers       map[string]reach.Outsider // by the names that flows have for them
	DNSPort     int
	Egress      []Way
	NodePorts   []int          // TCP
	Nodes, Pods []netip.Prefix // where their addresses lie
}

// Way is one out of the namespace, from a workload.
type Way struct {
	From string
	To   netip.Prefix
	Port int // TCP
}

// With is the platform as a stack's configuration has it.
func (p Platform) With(c Configuration) Platform {
	p.Around.Peers, p.Flows = slices.Clone(p.Around.Peers), slices.Clone(p.Flows)
	if c.Namespaces != "" {
		p.Namespaces = c.Namespaces
		p.Flows = slices.DeleteFunc(p.Flows, func(flow Flow) bool { return flow.Source == assumed })
	}
	for i, peer := range p.Around.Peers {
		if other, given := c.Peers[peer.Name]; given {
			p.Around.Peers[i] = other
		}
	}
	for i, flow := range p.Flows {
		switch {
		case flow.To == ClusterDNS:
			p.Flows[i].Ports = asking(c.DNSPort)
		case flow.From == Prometheus && c.Peers[Prometheus].Namespace != "":
			p.Flows[i].Must = true // monitoring is on
		case flow.From == Everybody && flow.Must && len(c.NodePorts) > 0:
			p.Flows[i].Ports = reach.TCP(c.NodePorts...)
		}
	}
	if len(c.Nodes) > 0 {
		p.Around.Nodes = c.Nodes
	}
	if len(c.Pods) > 0 {
		p.Around.Pods = c.Pods
	}
	for _, way := range c.Egress {
		p.Flows = append(p.Flows, way.flows()...)
	}
	return p
}

// widest is how few bits a network has that is the internet, or so much of it
// that it means nobody.
const widest = 8

// flows lead to the addresses of a network. Of a private one they may be those of
// nodes and of other pods as well.
func (w Way) flows() []Flow {
	to := []string{Networks}
	if w.To.Bits() < widest {
		to = []string{Worlds}
	}
	if w.To.Addr().IsPrivate() {
		to = append(to, Hosts, Outsiders)
	}
	var flows []Flow
	for _, one := range to {
		flows = append(flows, Flow{From: w.From, To: one, Ports: reach.TCP(w.Port), Source: "egress of the stack file"})
	}
	return flows
}

// routed is the platform where the ingress controller reaches what the edge of
// the cluster leads requests to: whoever writes a route states that.
func (p Platform) routed(c *reach.Cluster) Platform {
	if !slices.ContainsFunc(p.Around.Peers, func(peer reach.Outsider) bool { return peer.Name == IngressController }) {
		return p
	}
	p.Flows = slices.Clone(p.Flows)
	for pod, ports := range c.Routed() {
		p.Flows = append(p.Flows, Flow{From: IngressController, To: pod.Name, Ports: ports, Must: true, Source: "the edge of the stack leads there"})
	}
	return p
}

// further is the platform with the pods that its description does not know,
// such as services of the stack file: they may reach those of the platform, and
// each other, where something listens. Who writes their entry states whom; that
// nobody else reaches more by it is checked all the same.
func (p Platform) further(c *reach.Cluster) Platform {
	known := func(pod *reach.Endpoint) bool {
		return slices.ContainsFunc(p.Flows, func(flow Flow) bool {
			return flow.From == pod.Name || flow.To == pod.Name && flow.From != IngressController
		})
	}
	p.Flows = slices.Clone(p.Flows)
	for _, from := range c.Pods {
		if !named(p.Namespaces, from.Namespace) || p.Database == "" || known(from) {
			continue
		}
		for _, to := range c.Pods {
			if named(p.Namespaces, to.Namespace) && to.Name != from.Name {
				p.Flows = append(p.Flows, Flow{From: from.Name, To: to.Name, Ports: declared(to), Source: "its entry in the stack file"})
			}
		}
	}
	return p
}

// declared are the ports of a pod's containers.
func declared(pod *reach.Endpoint) reach.Ports {
	var all reach.Ports
	for _, port := range pod.Ports {
		if port.Protocol == corev1.ProtocolUDP {
			all = all.Union(reach.UDP(int(port.ContainerPort)))
		} else {
			all = all.Union(reach.TCP(int(port.ContainerPort)))
		}
	}
	return all
}

// elsewhere is the platform whose database somebody else runs: what reaches it
// in the namespace reaches as much outside, at the same ports. Which addresses it has is for the
// stack file to say; all of the internet is never meant.
func (p Platform) elsewhere(c *reach.Cluster) Platform {
	database := func(pod *reach.Endpoint) bool { return named(p.Namespaces, pod.Namespace) && pod.Name == p.Database }
	if p.Database == "" || slices.ContainsFunc(c.Pods, database) {
		return p
	}
	p.Flows = slices.Clone(p.Flows)
	for _, flow := range p.Flows {
		if flow.To == p.Database {
			p.Flows = append(p.Flows, Flow{From: flow.From, To: Networks, Ports: flow.Ports, Source: flow.Source})
		}
	}
	return p
}

// covers reports whether a pattern means an endpoint. Pods of the stack in
// namespaces that are not the platform's are nobody that it names.
func (p Platform) covers(pattern string, e *reach.Endpoint) bool {
	own := e.Kind == reach.Pod || e.Kind == reach.Host
	if own && !named(p.Namespaces, e.Namespace) {
		return false
	}
	switch pattern {
	case Everybody:
		return true
	case Pods:
		return e.Kind == reach.Pod
	case Hosts:
		return e.Kind == reach.Host || e.Kind == reach.Nodes
	case Outsiders:
		return e.Kind == reach.Outside
	case Worlds:
		return e.Kind == reach.World && !e.LinkLocal()
	case Networks:
		return e.Kind == reach.World && !e.LinkLocal() && !e.Internet()
	case LinkLocal:
		return e.LinkLocal()
	}
	return named(pattern, e.Name)
}

func named(pattern, name string) bool {
	matches, _ := path.Match(pattern, name)
	return matches
}
