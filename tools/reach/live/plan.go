package live

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"platform/policy/reach"
)

const (
	silentPort = 65001 // on which nothing of the platforms listens
	sampled    = 5     // ports of each range: its first, its last, and others between
	lastPort   = 65535
)

// Plan is what to measure of a matrix with what runs: each cell has at least
// one attempt. Pairs that nothing can be measured of are left out.
func Plan(m *reach.Matrix, s *Scene) []Cell {
	var all []Cell
	for _, to := range m.Endpoints {
		ports := Ports(m, to)
		for _, from := range m.Endpoints {
			if !m.Checked(from, to) || len(s.Places[from.String()]) == 0 {
				continue
			}
			p := planner{m, s, from, to}
			all = append(all, p.direct(ports)...)
			all = append(all, p.services(ports)...)
			all = append(all, p.ways(ports)...)
		}
	}
	return all
}

// Ports are those of an endpoint that are tried: those that it listens on, of
// each range that anybody reaches a few, those beside it, and one that nobody
// listens on.
func Ports(m *reach.Matrix, to *reach.Endpoint) []int {
	ports := to.Listens.Numbers(corev1.ProtocolTCP, sampled)
	for _, from := range m.Endpoints {
		for _, r := range m.Allowed(from.String(), to.String()) {
			if r.Protocol != corev1.ProtocolTCP || r.From == 1 && r.To == lastPort {
				continue
			}
			ports = append(ports, reach.Ports{r}.Numbers(corev1.ProtocolTCP, sampled)...)
			if r.From < r.To { // beside it
				ports = append(ports, max(r.From-1, 1), min(r.To+1, lastPort))
			}
		}
	}
	ports = append(ports, silentPort)
	slices.Sort(ports)
	ports = slices.Compact(ports)
	if to.Kind == reach.Nodes { // the ports of Services are tried as ways to their pods
		ports = slices.DeleteFunc(ports, func(port int) bool { return nodePort(m, port) })
	}
	return ports
}

// nodePort reports whether a port of the nodes is that of a Service.
func nodePort(m *reach.Matrix, port int) bool {
	return slices.ContainsFunc(m.Endpoints, func(e *reach.Endpoint) bool {
		return slices.ContainsFunc(m.Ways(e.String()), func(w reach.Way) bool { return w.Node && w.Port == port })
	})
}

// planner plans the cells between two endpoints.
type planner struct {
	matrix   *reach.Matrix
	scene    *Scene
	from, to *reach.Endpoint
}

// direct are the cells at the addresses of the target itself.
func (p planner) direct(ports []int) []Cell {
	computed := p.matrix.Direct(p.from.String(), p.to.String())
	var all []Cell
	for _, port := range ports {
		c := p.cell(port, "", computed)
		for _, from := range p.scene.Places[p.from.String()] {
			for _, to := range p.scene.Places[p.to.String()] {
				if !free(from, to) {
					c.Attempts = append(c.Attempts, Attempt{From: from, To: netip.AddrPortFrom(to.Address, uint16(port)), Target: to.Name})
				}
			}
		}
		all = keep(all, c)
	}
	return all
}

// services are the cells at the cluster's own addresses of Services.
func (p planner) services(ports []int) []Cell {
	if !p.served() || p.from.Kind == reach.World {
		return nil
	}
	computed := p.matrix.Direct(p.from.String(), p.to.String())
	var all []Cell
	for _, service := range p.scene.Services {
		address, err := netip.ParseAddr(service.Spec.ClusterIP)
		local := service.Spec.InternalTrafficPolicy
		if err != nil || service.Namespace != p.to.Namespace || local != nil && *local == corev1.ServiceInternalTrafficPolicyLocal {
			continue
		}
		for _, port := range service.Spec.Ports {
			backends := p.matrix.Backends(service, port)
			numbers := backends[p.to.String()].Numbers(corev1.ProtocolTCP, sampled)
			if len(backends) != 1 || len(numbers) != 1 || !slices.Contains(ports, numbers[0]) {
				continue // another workload may answer
			}
			c := p.cell(numbers[0], fmt.Sprintf("Service %s:%d", service.Name, port.Port), computed)
			for _, from := range p.scene.Places[p.from.String()] {
				if !p.hitsItself(from) {
					c.Attempts = append(c.Attempts, Attempt{From: from, To: netip.AddrPortFrom(address, uint16(port.Port))})
				}
			}
			all = keep(all, c)
		}
	}
	return all
}

// ways are the cells at the nodes' ports and at the addresses of load
// balancers. Nodes begin none: what they send may begin again on any of them.
func (p planner) ways(ports []int) []Cell {
	if !p.served() || p.from.Kind == reach.Nodes || p.from.Kind == reach.Host {
		return nil
	}
	var all []Cell
	for _, way := range p.matrix.Ways(p.to.String()) {
		numbers := way.Target.Numbers(corev1.ProtocolTCP, sampled)
		if len(numbers) != 1 || !slices.Contains(ports, numbers[0]) {
			continue
		}
		by := "port " + strconv.Itoa(way.Port) + " of nodes"
		if !way.Node {
			by = fmt.Sprintf("load balancer of %s:%d", way.Service, way.Port)
		}
		c := p.cell(numbers[0], by, p.matrix.By(way, p.from.String(), p.to.String()))
		c.any = true
		for _, from := range p.scene.Places[p.from.String()] {
			if p.hitsItself(from) {
				continue
			}
			for _, address := range p.doors(way) {
				c.Attempts = append(c.Attempts, Attempt{From: from, To: netip.AddrPortFrom(address, uint16(way.Port))})
			}
		}
		all = keep(all, c)
	}
	return all
}

// doors are the addresses that a way begins at.
func (p planner) doors(way reach.Way) []netip.Addr {
	var all []netip.Addr
	if way.Node {
		for _, node := range p.scene.Nodes {
			all = append(all, node.Address)
		}
		return all
	}
	service, _ := p.scene.service(p.to.Namespace, way.Service)
	for _, one := range service.Status.LoadBalancer.Ingress {
		if address, err := netip.ParseAddr(one.IP); err == nil {
			all = append(all, address)
		}
	}
	return all
}

func (p planner) cell(port int, by string, computed reach.Ports) Cell {
	return Cell{From: p.from.String(), To: p.to.String(), Port: port, By: by, Computed: computed.Has(corev1.ProtocolTCP, port)}
}

// served reports whether a Service can lead to the target: the stack makes it, and
// a pod of it is ready.
func (p planner) served() bool {
	return p.to.Own() && slices.ContainsFunc(p.scene.Places[p.to.String()], func(one Place) bool { return one.Ready })
}

// hitsItself reports whether what a Service leads to may be the very place, or a
// pod that its node reaches whatever the policies say.
func (p planner) hitsItself(from Place) bool {
	return slices.ContainsFunc(p.scene.Places[p.to.String()], func(to Place) bool { return free(from, to) })
}

// free reports whether no policy is asked: a pod reaches itself, and a node and
// its pods are not kept apart.
func free(from, to Place) bool {
	return from.Name == to.Name || from.Node != "" && from.Node == to.Node && (from.onNode() || to.onNode())
}

// keep adds a cell that has attempts.
func keep(all []Cell, c Cell) []Cell {
	if len(c.Attempts) == 0 {
		return all
	}
	return append(all, c)
}
