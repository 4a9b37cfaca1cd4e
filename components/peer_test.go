package components_test

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"platform/components/network"
)

func TestPeers(t *testing.T) {
	prefix := netip.MustParsePrefix
	for name, tc := range map[string]struct {
		to   network.Peer
		want any
	}{
		"component": {network.Component("redis"), map[string]any{
			"podSelector": map[string]any{"matchLabels": map[string]any{"app": "redis", "app.kubernetes.io/instance": "co2-calculator"}},
		}},
		"whole namespace": {network.PodsIn("monitoring", nil), map[string]any{
			"namespaceSelector": map[string]any{"matchLabels": map[string]any{"kubernetes.io/metadata.name": "monitoring"}},
		}},
		"range": {network.Addresses(prefix("128.178.0.0/15")), map[string]any{
			"ipBlock": map[string]any{"cidr": "128.178.0.0/15"},
		}},
		"range with a hole": {network.Addresses(prefix("0.0.0.0/0"), prefix("10.0.0.0/8")), map[string]any{
			"ipBlock": map[string]any{"cidr": "0.0.0.0/0", "except": []any{"10.0.0.0/8"}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			args := networkArgs()
			args.Flows = []network.Flow{{From: network.Component("backend"), To: tc.to, Port: 443}}
			resources := run(t, func(ctx *pulumi.Context) error { return registerNetwork(ctx, args) })
			spec := resources.one(t, "NetworkPolicy", "backend-network-policy").Inputs["spec"]
			assert.Equal(t, tc.want, dig(spec, "egress", 0, "to", 0))
		})
	}
}
