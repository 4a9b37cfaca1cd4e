package live

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"

	"platform/policy/reach"
)

// Place is where connections begin and end: a pod, a node, or an address
// outside the cluster.
type Place struct {
	Endpoint string     // of the matrix
	Kind     reach.Kind // of that endpoint
	Name     string     // such as namespace/pod, or that of a node
	Node     string     // that it is, or is on; empty outside the cluster
	Address  netip.Addr
	Network  string // file of its network namespace
	Ready    bool   // so that Services lead to it; of pods alone
}

// onNode reports whether it has the address of a node.
func (p Place) onNode() bool { return p.Kind == reach.Nodes || p.Kind == reach.Host }

// Scene is what runs, as far as connections go.
type Scene struct {
	Places   map[string][]Place // by endpoint of the matrix
	Missing  map[string]string  // why an endpoint has no place, by its name
	Services []corev1.Service   // of the stack's namespaces
	Nodes    []Place
}

// count is how many places there are.
func (s *Scene) count() int {
	all := 0
	for _, places := range s.Places {
		all += len(places)
	}
	return all
}

// service is one by its name and namespace.
func (s *Scene) service(namespace, name string) (corev1.Service, bool) {
	for _, one := range s.Services {
		if one.Namespace == namespace && one.Name == name {
			return one, true
		}
	}
	return corev1.Service{}, false
}
