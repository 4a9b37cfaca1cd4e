package reach

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// entry is a port of a Service that nodes open, and where it leads.
type entry struct {
	service   string
	port      int // of the node, or of the load balancer's address
	node      bool
	protocol  corev1.Protocol
	target    Ports
	preserves bool // the client's address; else the pod sees a node's
}

// selectsPod reports whether a Service leads to a pod.
func selectsPod(service corev1.Service, pod *Endpoint) bool {
	return pod.own() && service.Namespace == pod.Namespace && len(service.Spec.Selector) > 0 &&
		labels.SelectorFromSet(service.Spec.Selector).Matches(labels.Set(pod.Labels))
}

// target is the port of a pod that a port of a Service leads to.
func target(port corev1.ServicePort, pod *Endpoint) Ports {
	protocol := protocolOf(port.Protocol)
	number := int(port.TargetPort.IntVal)
	if port.TargetPort.Type == intstr.String && port.TargetPort.StrVal != "" {
		return pod.named(port.TargetPort.StrVal, protocol)
	}
	if number == 0 {
		number = int(port.Port)
	}
	return Ports{{protocol, number, number}}
}

// Listen fills in what the pods listen on: the ports of their containers, and
// those that Services lead to.
func (c *Cluster) Listen() {
	for _, pod := range c.Pods {
		all := listens(pod.Ports)
		for _, service := range c.Services {
			if !selectsPod(service, pod) {
				continue
			}
			for _, port := range service.Spec.Ports {
				all = append(all, target(port, pod)...)
			}
		}
		pod.Listens = merged(all)
	}
}

// entries are the ports of nodes, and of the addresses that nodes answer for,
// that lead to a pod.
func (c *Cluster) entries(pod *Endpoint) []entry {
	var all []entry
	for _, service := range c.Services {
		spec := service.Spec
		outward := spec.Type == corev1.ServiceTypeNodePort || spec.Type == corev1.ServiceTypeLoadBalancer
		if !outward || !selectsPod(service, pod) {
			continue
		}
		for _, port := range spec.Ports {
			one := entry{
				service: service.Name, protocol: protocolOf(port.Protocol), target: target(port, pod),
				preserves: spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal,
			}
			if port.NodePort > 0 {
				one.port, one.node = int(port.NodePort), true
				all = append(all, one)
			}
			if spec.Type == corev1.ServiceTypeLoadBalancer {
				one.port, one.node = int(port.Port), false
				all = append(all, one)
			}
		}
	}
	return all
}

// throughNodes is what from reaches of a pod by a port of a node. Unless the
// Service keeps the client's address, the pod sees a node's in its place, and
// its policies check that.
func (e *Evaluator) throughNodes(from, to *Endpoint) Ports {
	var all Ports
	for _, one := range e.entriesOf(to) {
		if e.enters(one, from, to) {
			all = all.Union(one.target.Intersect(e.side(ingress, to, e.nodes, e.nodes, to)))
		}
	}
	return all
}

func (e *Evaluator) entriesOf(pod *Endpoint) []entry {
	if known, is := e.entered[pod]; is {
		return known
	}
	var masked []entry
	for _, one := range e.cluster.entries(pod) {
		if !one.preserves {
			masked = append(masked, one)
		}
	}
	e.entered[pod] = masked
	return masked
}

// enters reports whether from gets as far as the node. Its own policies see the
// node's port or the pod's, depending on where addresses are translated.
func (e *Evaluator) enters(one entry, from, to *Endpoint) bool {
	door := Ports{{one.protocol, one.port, one.port}}
	leaves := len(e.side(egress, from, e.nodes, from, e.nodes).Intersect(door)) > 0 ||
		len(e.side(egress, from, to, from, to).Intersect(one.target)) > 0
	if !leaves || !e.closes() || from.Kind != World {
		return leaves
	}
	open, rest := e.early(ingress, true, from, from, e.nodes)
	return len(open.Union(rest).Intersect(door)) > 0
}
