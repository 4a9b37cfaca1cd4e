package components_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"platform/components/network"
)

// The policy as it has always been, rule by rule.
func TestIsolation(t *testing.T) {
	policy := run(t, registering("isolation", network.NewIsolation, isolationArgs())).one(t, "NetworkPolicy").Inputs
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
	policy := run(t, registering("isolation", network.NewIsolation, args)).one(t, "NetworkPolicy").Inputs
	assert.Equal(t, []any{
		map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{}}}}},
	}, dig(policy, "spec", "ingress"))
}
