package config

import (
	"fmt"
	"slices"
)

// HostPolicy is the Calico policy that keeps ports of the nodes themselves open.
type HostPolicy struct {
	Name  string `key:"name"`  // default allow-host-chunkserver
	Order int    `key:"order"` // default 10
	Ports []int  `key:"ports"` // beside the chunkservers'; default 22, 6443, 10250
}

const (
	// DefaultHostPolicy is the name of the Calico policy.
	DefaultHostPolicy = "allow-host-chunkserver"
	// DefaultHostPolicyOrder puts it before policies with a larger order.
	DefaultHostPolicyOrder = 10
)

// apiServerPort is where K3s serves the Kubernetes API.
const apiServerPort = 6443

// defaultHostPorts are SSH, the API server and the kubelet.
func defaultHostPorts() []int { return []int{22, apiServerPort, 10250} }

func (p HostPolicy) validate(into *collector) {
	const key = "hostPolicy"
	into.name(key+".name", p.Name, "the policy, such as "+DefaultHostPolicy)
	into.positive(key+".order", p.Order)
	for i, port := range p.Ports {
		at := fmt.Sprintf("%s.ports[%d]", key, i)
		into.between(at, port, 1, 65535)
		switch {
		case slices.Contains(ChunkserverPorts, port):
			into.add(at, "remove it", "%d is the chunkservers' and open anyway", port)
		case slices.Index(p.Ports, port) < i:
			into.add(at, "remove one of the two", "%d is listed already", port)
		}
	}
	if into.clean(key+".ports") && !slices.Contains(p.Ports, apiServerPort) {
		into.add(key+".ports", fmt.Sprintf("list %d too", apiServerPort),
			"they lack %d: with the API server closed nobody could correct the policy", apiServerPort)
	}
}
