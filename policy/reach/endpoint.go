package reach

import (
	"maps"
	"slices"

	"go4.org/netipx"
	corev1 "k8s.io/api/core/v1"
)

// Kind tells what an endpoint is.
type Kind string

// The kinds of endpoints.
const (
	Pod     Kind = "pod"     // of the stack, with an address of its own
	Host    Kind = "host"    // a pod of the stack on its node's network
	Nodes   Kind = "nodes"   // the nodes of the cluster, but for the pod's own
	Outside Kind = "outside" // pods that the stack does not make
	World   Kind = "world"   // addresses that are neither of nodes nor of pods
)

// Endpoint is one end of a connection: the pods of one workload, or a group of
// others that policies do not tell apart.
type Endpoint struct {
	Name            string
	Kind            Kind
	Namespace       string            // of pods
	Labels          map[string]string // of pods
	NamespaceLabels map[string]string
	Addresses       *netipx.IPSet // those that it may have
	Ports           []corev1.ContainerPort
	Listens         Ports // those of its containers, and those that Services lead to
}

// selectable reports whether selectors of pods match it. A pod on its node's
// network has the node's address, by which network plugins cannot tell it from
// the node.
func (e *Endpoint) selectable() bool { return e.Kind == Pod || e.Kind == Outside }

// own reports whether the stack makes it.
func (e *Endpoint) own() bool { return e.Kind == Pod || e.Kind == Host }

// onNode reports whether what it receives is received by a node itself.
func (e *Endpoint) onNode() bool { return e.Kind == Host || e.Kind == Nodes }

// named are the numbers of a port's name, for one protocol.
func (e *Endpoint) named(name string, protocol corev1.Protocol) Ports {
	var all Ports
	for _, port := range e.Ports {
		if port.Name == name && protocolOf(port.Protocol) == protocol {
			all = append(all, Range{protocol, int(port.ContainerPort), int(port.ContainerPort)})
		}
	}
	return merged(all)
}

// calicoLabels are what Calico's selectors see of a pod.
func (e *Endpoint) calicoLabels() map[string]string {
	all := maps.Clone(e.Labels)
	if all == nil {
		all = map[string]string{}
	}
	if e.Namespace != "" {
		all["projectcalico.org/namespace"] = e.Namespace
		all["projectcalico.org/orchestrator"] = "k8s"
	}
	return all
}

// String is the endpoint's name, with its namespace where it has one.
func (e *Endpoint) String() string {
	if e.own() {
		return e.Namespace + "/" + e.Name
	}
	return e.Name
}

func protocolOf(protocol corev1.Protocol) corev1.Protocol {
	if protocol == "" {
		return corev1.ProtocolTCP
	}
	return protocol
}

// listens are the ports of containers.
func listens(ports []corev1.ContainerPort) Ports {
	var all Ports
	for _, port := range ports {
		all = append(all, Range{protocolOf(port.Protocol), int(port.ContainerPort), int(port.ContainerPort)})
	}
	return merged(slices.Clip(all))
}
