package components_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components"
)

func TestIsolationFaults(t *testing.T) {
	type i = components.IsolationArgs
	refuses(t, isolationArgs, registers("isolation", components.NewIsolation), map[string]fault[i]{
		"no name":       {func(a *i) { a.Name = "" }, `isolation "isolation": name: is missing`},
		"no network":    {func(a *i) { a.Networks[1] = netip.Prefix{} }, "networks[1]: invalid Prefix is no network"},
		"an address":    {func(a *i) { a.Networks[0] = netip.MustParsePrefix("192.168.3.1/16") }, "networks[0]: 192.168.3.1/16 is no network; write its first address"},
		"no networks":   {func(a *i) { a.Networks = nil }, ""},
		"no port":       {func(a *i) { a.World[2] = 0 }, "world[2]: 0 is no port; use 1 to 65535"},
		"port 65536":    {func(a *i) { a.World[0] = 65536 }, "world[0]: 65536 is no port"},
		"port 65535":    {func(a *i) { a.World[0] = 65535 }, ""},
		"port twice":    {func(a *i) { a.World[1] = 2222 }, "world[1]: 2222 is there twice; keep one"},
		"nobody enters": {func(a *i) { a.World = nil }, ""},
	})
}

// The seed's policy, rule by rule.
func TestIsolation(t *testing.T) {
	policy := run(t, registering("isolation", components.NewIsolation, isolationArgs())).one(t, "NetworkPolicy").Inputs
	assert.Equal(t, "core-isolation", dig(policy, "metadata", "name"))
	open := func(port float64) any { return map[string]any{"port": port, "protocol": "TCP"} }
	from := func(cidr string) any { return []any{map[string]any{"ipBlock": map[string]any{"cidr": cidr}}} }
	assert.Equal(t, map[string]any{
		"podSelector": map[string]any{"matchLabels": map[string]any{}},
		"policyTypes": []any{"Ingress"},
		"ingress": []any{
			map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{}}}}},
			map[string]any{"from": from("192.168.0.0/16")},
			map[string]any{"from": from("10.42.0.0/16")},
			map[string]any{"from": from("0.0.0.0/0"), "ports": []any{open(2222), open(18080), open(8443)}},
		},
	}, policy["spec"])
}

// A rule without ports opens all of them, and one without peers is for
// everybody.
func TestIsolationOpensNothingByOmission(t *testing.T) {
	args := isolationArgs()
	args.Networks, args.World = nil, nil
	policy := run(t, registering("isolation", components.NewIsolation, args)).one(t, "NetworkPolicy").Inputs
	assert.Equal(t, []any{
		map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{}}}}},
	}, dig(policy, "spec", "ingress"))
}

// What the world reaches is where the gateway listens.
func TestIsolationOpensTheGatewaysPorts(t *testing.T) {
	assert.Equal(t, []int{components.GatewaySSHPort, components.GatewayHTTPPort, components.GatewayHTTPSPort}, isolationArgs().World)
}
