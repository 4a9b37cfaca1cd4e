package cluster

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
)

func TestPodNetwork(t *testing.T) {
	for name, tc := range map[string]struct{ given, used, want string }{
		"none":              {"", "10.244.0.0/16", ""},
		"of K3s":            {"10.42.0.0/16", "10.42.0.0/16", ""},
		"with host bits":    {"10.42.0.1/16", "10.42.0.0/16", ""},
		"below Services":    {"10.80.0.0/12", "10.80.0.0/12", ""},
		"inside Services":   {"10.100.0.0/16", "10.100.0.0/16", "topology.podNetwork: 10.100.0.0/16 overlaps 10.96.0.0/12"},
		"around Services":   {"10.0.0.0/8", "10.0.0.0/8", "topology.podNetwork: 10.0.0.0/8 overlaps 10.96.0.0/12"},
		"of another family": {"fd00::/64", "fd00::/64", "topology.podNetwork: fd00::/64 is not of IPv4"},
	} {
		t.Run(name, func(t *testing.T) {
			var topology config.Topology
			if tc.given != "" {
				topology.PodNetwork = netip.MustParsePrefix(tc.given)
			}
			c := &Cluster{opts: Options{Topology: topology}, at: layout(t.TempDir())}
			assert.Contains(t, strings.Join(c.kwok().args, " "), "--cidr="+tc.used+" ")
			err := validatePodNetwork(topology)
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tc.want)
		})
	}
}
