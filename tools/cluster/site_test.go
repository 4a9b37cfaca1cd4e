package cluster

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func TestSite(t *testing.T) {
	named := func(names ...string) (nodes []config.Node) {
		for _, name := range names {
			nodes = append(nodes, config.Node{Name: name})
		}
		return nodes
	}
	at := func(address string) []config.Node {
		return []config.Node{{Name: "s0", Address: netip.MustParseAddr(address)}}
	}
	prefix := netip.MustParsePrefix
	for name, tc := range map[string]struct {
		topology config.Topology
		bridge   string
		places   []string // address and pods of each node
		problem  string
	}{
		"without addresses": {
			config.Topology{Nodes: named("a", "b")},
			"172.16.255.254/16",
			[]string{"172.16.0.1/16 10.244.0.0/24", "172.16.0.2/16 10.244.1.0/24"},
			"",
		},
		"with addresses": {
			config.Topology{Nodes: at("192.168.3.100"), NodeNetwork: prefix("192.168.0.0/16"), PodNetwork: prefix("10.42.0.0/16")},
			"192.168.255.254/16",
			[]string{"192.168.3.100/16 10.42.0.0/24"},
			"",
		},
		"network of another length": {
			config.Topology{Nodes: at("192.168.3.100"), NodeNetwork: prefix("192.168.3.0/24")},
			"192.168.3.254/24",
			[]string{"192.168.3.100/24 10.244.0.0/24"},
			"",
		},
		"address elsewhere":     {config.Topology{Nodes: at("10.0.0.1"), NodeNetwork: prefix("192.168.0.0/16")}, "", nil, "10.0.0.1 is not of the nodes' network"},
		"address of the bridge": {config.Topology{Nodes: at("192.168.255.254"), NodeNetwork: prefix("192.168.0.0/16")}, "", nil, "192.168.255.254 is not of"},
		"addresses, no network": {config.Topology{Nodes: at("192.168.3.100")}, "", nil, "is not of the nodes' network 172.16.0.0/16"},
		"too few pods": {
			config.Topology{Nodes: named("a", "b", "c"), PodNetwork: prefix("10.42.0.0/23")}, "", nil, "no range of /24 for each of 3 nodes",
		},
		"just enough pods": {
			config.Topology{Nodes: named("a", "b"), PodNetwork: prefix("10.42.254.0/23")},
			"172.16.255.254/16",
			[]string{"172.16.0.1/16 10.42.254.0/24", "172.16.0.2/16 10.42.255.0/24"},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newSite(tc.topology)
			if tc.problem != "" {
				require.ErrorContains(t, err, tc.problem)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.bridge, s.bridge.String())
			var places []string
			for _, one := range s.seats {
				places = append(places, one.address.String()+" "+one.pods.String())
			}
			assert.Equal(t, tc.places, places)
		})
	}
}
