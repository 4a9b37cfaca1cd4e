package cluster

import (
	"net/netip"
	"strings"
)

// OutsideAddress is the address that plays the world outside a cluster of real
// nodes. It is in the network namespace that [State.Thread] is in.
func OutsideAddress() netip.Addr { return outside.Addr() }

// NodeProcesses are the first processes of the real nodes of the cluster in a
// folder, as numbers of this machine, by the names of the nodes.
func NodeProcesses(dir string) (map[string]int, error) {
	records, err := readRecords(layout(dir))
	if err != nil {
		return nil, err
	}
	all := map[string]int{}
	for _, one := range records {
		if name, is := strings.CutPrefix(one.Name, nodePrefix); is && one.alive() {
			all[name] = one.PID
		}
	}
	return all, nil
}

// ServiceNetwork holds the addresses of Services of every embedded cluster.
func ServiceNetwork() netip.Prefix { return netip.MustParsePrefix(serviceRange) }
