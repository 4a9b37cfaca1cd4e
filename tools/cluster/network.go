package cluster

import (
	"fmt"
	"net/netip"

	"platform/config"
)

// defaultPodNetwork is that of a topology which names none.
var defaultPodNetwork = netip.MustParsePrefix("10.244.0.0/16")

// podNetwork holds the addresses of pods, over all nodes.
func podNetwork(t config.Topology) netip.Prefix {
	if t.PodNetwork.IsValid() {
		return t.PodNetwork.Masked()
	}
	return defaultPodNetwork
}

// validatePodNetwork checks what this cluster asks beyond the configuration: it
// has one family of addresses and one range of its own for Services.
func validatePodNetwork(t config.Topology) error {
	network := podNetwork(t)
	if !network.Addr().Is4() {
		return fmt.Errorf("topology.podNetwork: %s is not of IPv4, the one family of the embedded cluster; write one such as %s", network, defaultPodNetwork)
	}
	if network.Overlaps(netip.MustParsePrefix(serviceRange)) {
		return fmt.Errorf("topology.podNetwork: %s overlaps %s, where the embedded cluster has its Services; choose another", network, serviceRange)
	}
	return nil
}
